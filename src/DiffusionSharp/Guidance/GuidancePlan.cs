using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>What guidance needs to know before the first step of a generation.</summary>
/// <param name="Shape">The shape of the sample.</param>
/// <param name="Request">The request, with every default filled in: a classifier wants the class, which an unconditional network is not given.</param>
/// <param name="Scales">The guidance scale w of each picture, as the request has it.</param>
/// <param name="Terms">What <see cref="IGuidance.Terms"/> returned.</param>
public sealed record GuidancePlan(SampleShape Shape, GenerationRequest Request, IReadOnlyList<double> Scales, IReadOnlyList<GuidanceTerm> Terms)
{
    /// <summary>Makes the scale at a point of the request's; null where it stays the same.</summary>
    public Func<StepPoint, double, double>? Schedule { get; init; }

    /// <summary>Stops the run, also inside a model call.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Whether a scale is guidance at all, which costs a second prediction: above 1.</summary>
    /// <param name="scale">The scale w.</param>
    /// <returns>False where the conditional prediction alone is meant.</returns>
    public static bool Guides(double scale) => scale > 1;

    /// <summary>The scale of a picture at a point.</summary>
    /// <param name="picture">Which picture.</param>
    /// <param name="at">Where the generation stands.</param>
    /// <returns>The scale w.</returns>
    public double ScaleAt(int picture, in StepPoint at) => Schedule is null ? Scales[picture] : Schedule(at, Scales[picture]);

    /// <summary>Whether any picture is guided at a point.</summary>
    /// <param name="at">Where the generation stands.</param>
    /// <returns>False where the conditional predictions alone are needed.</returns>
    public bool IsGuided(in StepPoint at)
    {
        for (int i = 0; i < Scales.Count; i++)
        {
            if (Guides(ScaleAt(i, at)))
            {
                return true;
            }
        }

        return false;
    }
}
