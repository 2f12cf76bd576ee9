using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Lms;

public class LmsTests
{
    [Theory]
    [MemberData(nameof(SigmaTextbook.Kinds), MemberType = typeof(SigmaTextbook))]
    public void A_step_integrates_the_polynomial_through_the_last_four_slopes(PredictionType type, double range) =>
        LongRun.Follows(new LmsScheduler(new LmsOptions { Schedule = NoiseSchedule.ScaledLinear(), PredictionType = type, Clipping = SigmaTextbook.Clipping(range) }), 20, run => Textbook(new SigmaTextbook(run, type, range), 4));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_lower_order_looks_at_fewer_slopes(int order) =>
        LongRun.Follows(new LmsScheduler(new LmsOptions { Order = order }), 20, run => Textbook(new SigmaTextbook(run, PredictionType.Epsilon), order));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void The_order_is_in_1_to_4(int order) =>
        Assert.Contains("[1, 4]", Assert.Throws<ArgumentOutOfRangeException>(() => new LmsOptions { Order = order }).Message, StringComparison.Ordinal);

    private static TextbookStep Textbook(SigmaTextbook book, int order)
    {
        var slopes = new List<double[]>();
        return (i, x, p, z) =>
        {
            slopes.Insert(0, book.Slope(i, x, p));
            int count = Math.Min(slopes.Count, order);
            double[] weights = [.. Enumerable.Range(0, count).Select(j => Simpson(book.Sigmas, i, j, count))];
            return LongRun.Each(x, k => x[k] + Enumerable.Range(0, count).Sum(j => weights[j] * slopes[j][k]));
        };
    }

    // Simpson's rule is exact for polynomials up to the third degree.
    private static double Simpson(IReadOnlyList<double> sigmas, int i, int j, int count)
    {
        double Lagrange(double at) => Enumerable.Range(0, count).Where(k => k != j).Aggregate(1.0, (product, k) => product * (at - sigmas[i - k]) / (sigmas[i - j] - sigmas[i - k]));
        (double a, double b) = (sigmas[i], sigmas[i + 1]);
        return (b - a) / 6 * (Lagrange(a) + (4 * Lagrange((a + b) / 2)) + Lagrange(b));
    }
}
