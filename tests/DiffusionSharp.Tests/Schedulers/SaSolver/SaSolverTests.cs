using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.SaSolver;

public class SaSolverTests
{
    private static readonly NoiseSchedule Mild = NoiseSchedule.Linear(1000, 0.0001, 0.002);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 2, false)]
    [InlineData(3, 3, false)]
    [InlineData(4, 4, false)]
    [InlineData(1, 4, false)]
    [InlineData(4, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(3, 4, true)]
    public void A_generation_is_algorithm_1_with_its_integrals_added_up_numerically(int predictor, int corrector, bool ofNoise)
    {
        foreach (Func<double, double> tau in (Func<double, double>[])[_ => 0, _ => 0.7, t => t > 500 ? 1.2 : 0.3])
        {
            foreach (bool lowers in (bool[])[true, false])
            {
                var options = new SaSolverOptions { Schedule = Mild, PredictorOrder = predictor, CorrectorOrder = corrector, PredictsNoise = ofNoise, Tau = tau, LowerOrderFinal = lowers };
                LongRun.Follows(new SaSolverScheduler(options), 12, run => new SaSolverTextbook(options, run).Step);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    public void Without_noise_a_model_that_always_finds_the_same_original_is_followed_straight(int predictor, int corrector)
    {
        var options = new SaSolverOptions { PredictorOrder = predictor, CorrectorOrder = corrector, Tau = _ => 0, PredictionType = PredictionType.Sample };
        LogSnrTextbook.GoesStraight(new SaSolverScheduler(options), 20);
    }

    [Fact]
    public void By_default_noise_is_added_from_timestep_200_to_800()
    {
        Func<double, double> tau = new SaSolverOptions().Tau;
        Assert.Equal([0, 1, 1, 0], new double[] { 199, 200, 800, 801 }.Select(tau));
    }

    [Fact]
    public void What_is_out_of_range_is_refused_by_name()
    {
        Assert.Contains("1 to 4", Assert.Throws<ArgumentOutOfRangeException>(() => new SaSolverOptions { PredictorOrder = 5 }).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 4", Assert.Throws<ArgumentOutOfRangeException>(() => new SaSolverOptions { CorrectorOrder = 0 }).Message, StringComparison.Ordinal);
        ArgumentException e = Assert.Throws<ArgumentException>(() => new SaSolverScheduler(new SaSolverOptions { Tau = _ => -1 }).Start(new SamplingPlan(5, LongRun.Shape)));
        Assert.Equal("Tau", e.ParamName);
        Assert.Contains("tau_func", Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create("""{ "_class_name": "SASolverScheduler", "tau_func": "x" }""")).Message, StringComparison.Ordinal);
        Assert.Contains("solver_order", Warning("""{ "_class_name": "SASolverScheduler", "solver_order": 3 }"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_name_is_SA_Solver() => Assert.Equal("SA-Solver", new SaSolverScheduler().ToString());

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new SaSolverScheduler(new SaSolverOptions { PredictorOrder = 4, CorrectorOrder = 3 }));

    private static string Warning(string json)
    {
        using var log = new RecordingLogger();
        SchedulerConfig.Create(json, logger: log);
        return Assert.Single(log.Warnings);
    }
}
