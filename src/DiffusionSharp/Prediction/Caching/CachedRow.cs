namespace DiffusionSharp.Prediction;

/// <summary>What is remembered of one row: the prediction that was made last, and how much it has changed since, as estimated.</summary>
/// <param name="inputLength">Values of the row's input.</param>
/// <param name="outputLength">Values of its prediction, variance included.</param>
internal sealed class CachedRow(int inputLength, int outputLength) : IStateful
{
    private const double Unknown = -1;

    // The input of the last call; input and prediction of the last one that was made.
    private readonly float[] _previous = new float[inputLength];
    private readonly float[] _input = new float[inputLength];
    private readonly float[] _output = new float[outputLength];

    // The mean size of the prediction, its change for a unit change of the input, and its relative change so far.
    private double _size = Unknown;
    private double _rate = Unknown;
    private double _change;

    /// <summary>Whether the prediction that was made last stands in for this call's.</summary>
    public bool IsKept { get; set; }

    /// <summary>By how much of its size the prediction has changed since it was made last, as an input lets expect; infinitely where nobody can tell.</summary>
    public double Changed(ReadOnlySpan<float> input)
    {
        _change += _rate * Distance(input, _previous) / _size;
        input.CopyTo(_previous);
        return _rate != Unknown && _size > 0 ? _change : double.PositiveInfinity;
    }

    /// <summary>Puts the kept prediction in the place of this call's, or remembers this call's.</summary>
    public void Apply(ReadOnlySpan<float> input, Span<float> prediction)
    {
        if (IsKept)
        {
            _output.CopyTo(prediction);
            return;
        }

        double moved = Distance(input, _input);
        _rate = _size != Unknown && moved > 0 ? Distance(prediction, _output) / moved : Unknown;
        input.CopyTo(_input);
        prediction.CopyTo(_output);
        (_size, _change) = (Size(prediction), 0);
    }

    /// <summary>Forgets what no longer holds.</summary>
    public void Forget() => (_size, _rate, _change) = (Unknown, Unknown, 0);

    public void Save(BinaryWriter writer)
    {
        writer.WriteAll(_previous);
        writer.WriteAll(_input);
        writer.WriteAll(_output);
        writer.WriteAll([_size, _rate, _change]);
    }

    public void Restore(BinaryReader reader)
    {
        reader.ReadAll(_previous);
        reader.ReadAll(_input);
        reader.ReadAll(_output);
        (_size, _rate, _change) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
    }

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        return sum / a.Length;
    }

    private static double Size(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Abs(value);
        }

        return sum / values.Length;
    }
}
