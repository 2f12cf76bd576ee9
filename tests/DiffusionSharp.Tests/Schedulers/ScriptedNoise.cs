using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Noise that a test chose: draw k is row k. Counts the draws.</summary>
internal sealed class ScriptedNoise(Func<int, float[]> row) : INoiseSource
{
    public int Draws { get; private set; }

    /// <summary>The same number everywhere and always.</summary>
    public static ScriptedNoise Constant(float value, int length) => new(_ => [.. Enumerable.Repeat(value, length)]);

    /// <summary>The same values in every draw.</summary>
    public static ScriptedNoise Always(float[] values) => new(_ => values);

    public void Fill(Span<float> destination)
    {
        float[] values = row(Draws++);
        Assert.Equal(values.Length, destination.Length);
        values.CopyTo(destination);
    }

    public void Save(BinaryWriter writer) => writer.Write(Draws);

    public void Restore(BinaryReader reader) => Draws = reader.ReadInt32();
}
