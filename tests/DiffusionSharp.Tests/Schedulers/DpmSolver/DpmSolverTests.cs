using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.DpmSolver;

public class DpmSolverTests
{
    // Stays away from the noisiest timesteps, where x_0 of a random noise prediction is too large for float32.
    private static readonly NoiseSchedule Mild = NoiseSchedule.Linear(1000, 0.0001, 0.002);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_is_algorithm_2_or_its_SDE(bool stochastic)
    {
        var options = new DpmSolverOptions { Schedule = Mild, Algorithm = stochastic ? DpmSolverAlgorithm.SdeDpmPlusPlus : DpmSolverAlgorithm.DpmPlusPlus };
        LongRun.Follows(new DpmSolverScheduler(options), 20, run =>
        {
            var book = new LogSnrTextbook(run);
            double[]? before = null;
            return (i, x, p, z) =>
            {
                double[] original = LongRun.Each(x, k => book.Original(i, x[k], p[k]));
                double h = book.Lambda(i + 1) - book.Lambda(i);
                bool first = before is null || i == book.Count - 1;
                double half = first ? 0 : 0.5 * h / (book.Lambda(i) - book.Lambda(i - 1));
                double[] d = LongRun.Each(x, k => ((1 + half) * original[k]) - (first ? 0 : half * before![k]));
                before = original;
                (double keep, double power) = (book.Sigma(i + 1) / book.Sigma(i) * (stochastic ? Math.Exp(-h) : 1), stochastic ? 2 : 1);
                return LongRun.Each(x, k => (keep * x[k])
                    + (book.Alpha(i + 1) * (1 - Math.Exp(-power * h)) * d[k])
                    + (stochastic ? book.Sigma(i + 1) * Math.Sqrt(1 - Math.Exp(-2 * h)) * z[k] : 0));
            };
        });
    }

    [Theory]
    [InlineData(1, DpmSolverAlgorithm.DpmPlusPlus, DpmSolverType.Midpoint)]
    [InlineData(2, DpmSolverAlgorithm.DpmPlusPlus, DpmSolverType.Heun)]
    [InlineData(3, DpmSolverAlgorithm.DpmPlusPlus, DpmSolverType.Midpoint)]
    public void A_model_that_always_finds_the_same_original_is_followed_straight(int order, DpmSolverAlgorithm algorithm, DpmSolverType type) =>
        LogSnrTextbook.GoesStraight(new DpmSolverScheduler(new DpmSolverOptions { SolverOrder = order, Algorithm = algorithm, SolverType = type, PredictionType = PredictionType.Sample }), 20);

    [Fact]
    public void Noise_prediction_without_noise_at_the_end_ends_at_the_original() =>
        LogSnrTextbook.GoesStraight(new DpmSolverScheduler(new DpmSolverOptions { Schedule = Mild, Algorithm = DpmSolverAlgorithm.Dpm, PredictionType = PredictionType.Sample }), 20);

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void The_order_is_1_to_3(int order) =>
        Assert.Contains("1 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => new DpmSolverOptions { SolverOrder = order }).Message, StringComparison.Ordinal);

    [Fact]
    public void What_the_stochastic_solver_of_the_noise_does_not_have_is_refused_by_name()
    {
        var options = new DpmSolverOptions { Algorithm = DpmSolverAlgorithm.SdeDpm };
        Assert.Contains(nameof(FinalSigma), Assert.Throws<ArgumentException>(() => new DpmSolverScheduler(options)).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(DpmSolverOptions.SolverOrder), Assert.Throws<ArgumentException>(() => new DpmSolverScheduler(options with { FinalSigma = FinalSigma.SigmaMin, SolverOrder = 3 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_steps_than_there_are_points_between_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DpmSolverScheduler().Start(new SamplingPlan(1000, LongRun.Shape)));

    [Fact]
    public void Infinity_as_Python_writes_it_is_a_number()
    {
        IScheduler scheduler = SchedulerConfig.Create("""{ "_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "_note": "a \" and -Infinity" }""");
        Assert.Equal(double.NegativeInfinity, Assert.IsType<DpmSolverScheduler>(scheduler).Options.LambdaMinimum);
    }

    [Theory]
    [InlineData("solver_type", "euler")]
    [InlineData("algorithm_type", "sde")]
    [InlineData("variance_type", "fixed_small")]
    [InlineData("time_shift_type", "linear")]
    public void An_unknown_value_of_a_configuration_is_an_error_that_names_the_key(string key, string value) =>
        Assert.Contains(key, Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create($$"""{ "_class_name": "DPMSolverMultistepScheduler", "{{key}}": "{{value}}" }""")).Message, StringComparison.Ordinal);
}
