using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>No guidance allocates in a step.</summary>
[Collection(AloneCollection.Name)]
public class GuidanceAllocationTests
{
    private static readonly SampleShape Shape = new(2, 4, 6, 8);

    public static TheoryData<string> Names => KnownGuidances.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing(string name)
    {
        IGuidance guidance = KnownGuidances.Of(name);
        IReadOnlyList<double> scales = [2.5, 7.5];
        IReadOnlyList<GuidanceTerm> terms = guidance.Terms(scales, schedulerNeedsUnconditional: false);
        float[][] recorded = [.. terms.Select((_, term) => Enumerable.Range(0, 3 * Shape.Length).Select(i => MathF.Sin(i * (term + 0.3f))).ToArray())];
        var predictions = new RecordedPredictions(Shape, recorded);
        using IGuidanceRun run = guidance.Start(new GuidancePlan(Shape, new GenerationRequest { Count = 2 }, scales, terms));
        StepPoint at = predictions.PointOf(2);
        predictions.Select(run, at, terms.Count);
        bool isGuided = predictions.Has(1);
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            predictions.Select(run, at, terms.Count);
            run.Combine(at, predictions);
        }));
        Assert.Equal(name != "interval", isGuided);
    }
}
