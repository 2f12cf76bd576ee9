using DiffusionSharp.Noise;

namespace DiffusionSharp.Benchmarks;

/// <summary>Draws nothing, so that a stochastic step costs its arithmetic alone.</summary>
internal sealed class NoNoise : INoiseSource
{
    public void Fill(Span<float> destination)
    {
    }

    public void Save(BinaryWriter writer)
    {
    }

    public void Restore(BinaryReader reader)
    {
    }
}
