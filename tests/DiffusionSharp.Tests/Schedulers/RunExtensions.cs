using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests;

/// <summary>What tests ask runs for at once.</summary>
internal static class RunExtensions
{
    extension(ISchedulerRun run)
    {
        /// <summary>What the model is asked at in each call.</summary>
        public IReadOnlyList<double> Timesteps => [.. Enumerable.Range(0, run.CallCount).Select(call => run.LevelAt(call).Timestep)];

        /// <summary>Makes the input of a run that draws nothing for it.</summary>
        public void PrepareInput(int call, ReadOnlySpan<float> sample, Span<float> input) => run.PrepareInput(call, sample, input, NoNoise.Instance);
    }

    private sealed class NoNoise : INoiseSource
    {
        public static NoNoise Instance { get; } = new();

        public void Fill(Span<float> destination) => Assert.Fail("This run was not to draw here.");

        public void Save(BinaryWriter writer)
        {
        }

        public void Restore(BinaryReader reader)
        {
        }
    }
}
