namespace DiffusionSharp.Noise;

/// <summary>A stream of which every draw is twice as long as what is wanted, and the second half is dropped.</summary>
internal sealed class DoubledNoise(INoiseSource source) : INoiseSource
{
    private float[] _values = [];

    public void Fill(Span<float> destination)
    {
        int length = checked(2 * destination.Length);
        _values = _values.Length == length ? _values : new float[length];
        source.Fill(_values);
        _values.AsSpan(0, destination.Length).CopyTo(destination);
    }

    public void Save(BinaryWriter writer) => source.Save(writer);

    public void Restore(BinaryReader reader) => source.Restore(reader);
}
