using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>What a noise predictor needs to know before the first step of a generation.</summary>
/// <param name="Shape">The shape of the sample.</param>
/// <param name="Conditioning">What the prediction is conditioned on; every part that is not shared has as many rows as <paramref name="Shape"/>.</param>
public sealed record PredictionPlan(SampleShape Shape, Conditioning Conditioning)
{
    private readonly int? _pictures;

    /// <summary>
    /// How many pictures the rows are of, all of them unless set: where several predictions of each are made in one call, as with guidance, those
    /// of all pictures lie one behind another, so row r is of picture r modulo this.
    /// </summary>
    public int Pictures
    {
        get => _pictures ?? Shape.Batch;
        init => _pictures = value;
    }

    /// <summary>Stops the run, also inside a model call.</summary>
    public CancellationToken CancellationToken { get; init; }
}
