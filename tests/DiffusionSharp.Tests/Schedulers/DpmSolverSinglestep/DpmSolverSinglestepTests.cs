using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.DpmSolverSinglestep;

public class DpmSolverSinglestepTests
{
    [Fact]
    public void Pairs_of_steps_are_algorithm_1()
    {
        var options = new DpmSolverSinglestepOptions { Schedule = NoiseSchedule.Linear(1000, 0.0001, 0.002) };
        LongRun.Follows(new DpmSolverSinglestepScheduler(options), 21, run =>
        {
            var book = new LogSnrTextbook(run);
            (double[] begin, double[] d) = ([], []);
            return (i, x, p, z) =>
            {
                double[] original = LongRun.Each(x, k => book.Original(i, x[k], p[k]));
                int s = i % 2 == 0 ? i : i - 1;
                double h = book.Lambda(i + 1) - book.Lambda(s);
                double[] model = original;
                if (s == i)
                {
                    (begin, d) = (x, original);
                }
                else
                {
                    double half = 0.5 * h / (book.Lambda(i) - book.Lambda(s));
                    model = LongRun.Each(x, k => ((1 - half) * d[k]) + (half * original[k]));
                }

                return LongRun.Each(x, k => (book.Sigma(i + 1) / book.Sigma(s) * begin[k]) + (book.Alpha(i + 1) * (1 - Math.Exp(-h)) * model[k]));
            };
        });
    }

    [Theory]
    [InlineData(2, DpmSolverType.Heun, 20)]
    [InlineData(3, DpmSolverType.Midpoint, 19)]
    [InlineData(3, DpmSolverType.Heun, 20)]
    [InlineData(3, DpmSolverType.Heun, 21)]
    public void A_model_that_always_finds_the_same_original_is_followed_straight(int order, DpmSolverType type, int steps) =>
        LogSnrTextbook.GoesStraight(new DpmSolverSinglestepScheduler(new DpmSolverSinglestepOptions { SolverOrder = order, SolverType = type, PredictionType = PredictionType.Sample }), steps);
}
