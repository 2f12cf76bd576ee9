using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Deis;

public class DeisTests
{
    [Fact]
    public void Order_3_is_exact_for_noise_that_is_quadratic_in_log_rho() =>
        LogSnrTextbook.IsExactForQuadratics(new DeisScheduler(new DeisOptions { Schedule = NoiseSchedule.Linear(1000, 0.0001, 0.002), SolverOrder = 3 }), 20, from: 2, ofNoise: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_model_that_always_finds_the_same_original_is_followed_straight(int order) =>
        LogSnrTextbook.GoesStraight(new DeisScheduler(new DeisOptions { Schedule = NoiseSchedule.Linear(1000, 0.0001, 0.002), SolverOrder = order, PredictionType = PredictionType.Sample }), 12);
}
