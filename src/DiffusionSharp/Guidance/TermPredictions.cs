using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// The predictions of one model call, as a guidance sees them: it sets weights of terms 0 and 1, writes on a prediction, merges a third one
/// into term 0, or adds a score. The result stays two terms, so that a scheduler's step reads both in one pass.
/// </summary>
public abstract class TermPredictions
{
    private readonly double[] _conditionalWeights;
    private readonly double[] _unconditionalWeights;
    private float[] _score = [];
    private bool _usesScore;

    /// <summary>Creates the sheet of one generation.</summary>
    /// <param name="shape">The shape of the sample.</param>
    protected TermPredictions(SampleShape shape)
    {
        Shape = shape;
        _conditionalWeights = new double[shape.Batch];
        _unconditionalWeights = new double[shape.Batch];
    }

    /// <summary>The shape of the sample.</summary>
    public SampleShape Shape { get; }

    /// <summary>Number of terms, whether they were predicted in this call or not.</summary>
    public abstract int Count { get; }

    /// <summary>What the network was asked at, <c>[B, C, H, W]</c>.</summary>
    public abstract ReadOnlySpan<float> Input { get; }

    /// <summary>The combination, as a scheduler takes it; stays the same until the next call.</summary>
    public GuidedPrediction Result => new()
    {
        Conditional = Of(0),
        Unconditional = Has(1) ? Of(1) : [],
        ConditionalWeights = _conditionalWeights,
        UnconditionalWeights = _unconditionalWeights,
        Score = _usesScore ? _score : [],
    };

    /// <summary>Whether a term was predicted in this call.</summary>
    /// <param name="term">The term.</param>
    /// <returns>False where nobody needed it, and before the first call.</returns>
    public abstract bool Has(int term);

    /// <summary>A term's prediction <c>[B, C', H, W]</c>, with variance channels where there are any; the guidance's to write on.</summary>
    /// <param name="term">A term that was predicted.</param>
    /// <returns>The values.</returns>
    /// <exception cref="InvalidOperationException">The term was not predicted in this call.</exception>
    public abstract Span<float> Of(int term);

    /// <summary>A term's prediction of one picture, <c>[C, H, W]</c>, without variance channels.</summary>
    /// <param name="term">A term that was predicted.</param>
    /// <param name="picture">Which picture.</param>
    /// <returns>The values.</returns>
    public Span<float> Of(int term, int picture)
    {
        Span<float> all = Of(term);
        return all.Slice(picture * (all.Length / Shape.Batch), Shape.ImageLength);
    }

    /// <summary>What a term is multiplied with in the result, a weight for each picture: 1 and 0 before a guidance says otherwise.</summary>
    /// <param name="term">0 or 1; other terms have to be merged into term 0.</param>
    /// <returns>The weights, to be written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another term.</exception>
    public Span<double> Weights(int term) => term switch
    {
        0 => _conditionalWeights,
        1 => _unconditionalWeights,
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, "The terms 0 and 1 have weights; others are merged into term 0."),
    };

    /// <summary>
    /// A scaled gradient of log p(y | input) in the shape of the sample, to be added to: zeros where nobody has used it in this call. Schedulers
    /// weigh it in their step, after clipping (Dhariwal &amp; Nichol 2021, arXiv:2105.05233); those that cannot refuse it by name.
    /// </summary>
    /// <returns>The values.</returns>
    public Span<float> UseScore()
    {
        if (!_usesScore)
        {
            _usesScore = true;
            if (_score.Length == 0)
            {
                _score = new float[Shape.Length];
            }

            Array.Clear(_score);
        }

        return _score;
    }

    /// <summary>The conditional prediction alone, until a guidance says otherwise.</summary>
    protected void Reset()
    {
        _usesScore = false;
        Array.Fill(_conditionalWeights, 1);
        Array.Clear(_unconditionalWeights);
    }
}
