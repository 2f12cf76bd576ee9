using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.UniPc;

public class UniPcTests
{
    private static readonly NoiseSchedule Mild = NoiseSchedule.Linear(1000, 0.0001, 0.002);

    [Theory]
    [InlineData(UniPcType.Bh1, false)]
    [InlineData(UniPcType.Bh2, false)]
    [InlineData(UniPcType.Bh2, true)]
    public void The_predictor_of_order_3_is_exact_for_quadratics(UniPcType type, bool ofNoise) =>
        LogSnrTextbook.IsExactForQuadratics(Order3(type, ofNoise, [.. Enumerable.Range(0, 20)]), 20, from: 2, ofNoise);

    [Theory]
    [InlineData(UniPcType.Bh1, false)]
    [InlineData(UniPcType.Bh2, false)]
    [InlineData(UniPcType.Bh2, true)]
    public void The_corrector_of_order_3_is_exact_for_quadratics(UniPcType type, bool ofNoise) =>
        LogSnrTextbook.IsExactForQuadratics(Order3(type, ofNoise, [0, 1, 2]), 20, from: 3, ofNoise);

    [Theory]
    [InlineData(1, UniPcType.Bh1)]
    [InlineData(2, UniPcType.Bh2)]
    [InlineData(3, UniPcType.Bh1)]
    public void A_model_that_always_finds_the_same_original_is_followed_straight(int order, UniPcType type)
    {
        foreach (bool lowers in (bool[])[true, false])
        {
            LogSnrTextbook.GoesStraight(new UniPcScheduler(new UniPcOptions { Schedule = Mild, SolverOrder = order, SolverType = type, LowerOrderFinal = lowers, PredictionType = PredictionType.Sample }), 20);
        }
    }

    [Fact]
    public void What_is_not_supported_is_refused_by_name()
    {
        Assert.Contains("solver_p", Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create("""{ "_class_name": "UniPCMultistepScheduler", "solver_p": {} }""")).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(UniPcOptions.ShiftTerminal), Assert.Throws<ArgumentException>(() => new UniPcScheduler(new UniPcOptions { ShiftTerminal = 0.1 })).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SamplingPlan.Mu), Assert.Throws<ArgumentException>(() => new UniPcScheduler(new UniPcOptions { FlowSigmas = true, UsesDynamicShifting = true }).Start(new SamplingPlan(5, LongRun.Shape))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new UniPcScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Sigmas = [1, 0.5] }));
    }

    private static UniPcScheduler Order3(UniPcType type, bool ofNoise, int[] uncorrected) => new(new UniPcOptions
    {
        Schedule = Mild,
        SolverOrder = 3,
        SolverType = type,
        PredictsNoise = ofNoise,
        PredictionType = ofNoise ? PredictionType.Epsilon : PredictionType.Sample,
        UncorrectedSteps = uncorrected,
        LowerOrderFinal = false,
    });
}
