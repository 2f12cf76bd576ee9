using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>The published shapes of β, against their formulas.</summary>
public class NoiseScheduleTests
{
    // One rounding of the result to float32, and one of what it is computed from.
    private const double TwoRoundings = 2 * Approximate.Roundoff;

    [Theory]
    [InlineData(1000, 0.0001, 0.02)]
    [InlineData(50, 0.01, 0.3)]
    public void Linear_betas_rise_evenly(int n, double start, double end) => AssertBetas(
        NoiseSchedule.Linear(n, start, end),
        n,
        t => start + ((end - start) * t / (n - 1)));

    [Theory]
    [InlineData(1000, 0.00085, 0.012)]
    [InlineData(50, 0.01, 0.3)]
    public void The_roots_of_scaled_linear_betas_rise_evenly(int n, double start, double end) => AssertBetas(
        NoiseSchedule.ScaledLinear(n, start, end),
        n,
        t => Math.Pow(Math.Sqrt(start) + ((Math.Sqrt(end) - Math.Sqrt(start)) * t / (n - 1)), 2));

    [Theory]
    [InlineData(1000, 0.0001, 0.02)]
    [InlineData(50, 0.01, 0.3)]
    public void Sigmoid_betas_follow_a_sigmoid_from_minus_6_to_6(int n, double start, double end) => AssertBetas(
        NoiseSchedule.Sigmoid(n, start, end),
        n,
        t => start + ((end - start) / (1 + Math.Exp(6 - (12.0 * t / (n - 1))))));

    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    public void Squared_cosine_alpha_bars_are_equation_17(int n)
    {
        // arXiv:2102.09672, eq. 17: ᾱ_t = f(t)/f(0), f(t) = cos²((t/T + s)/(1 + s)·π/2), s = 0.008; β is clipped to 0.999.
        static double F(double u) => Math.Pow(Math.Cos((u + 0.008) / 1.008 * Math.PI / 2), 2);
        NoiseSchedule schedule = NoiseSchedule.SquaredCosine(n);
        double error = 0;
        for (int t = 0; t < n - 1; t++)
        {
            // What rounding β to float32 does to the factor 1 - β adds up in the product.
            error += TwoRoundings / (1 - schedule.Betas[t]);
            double expected = F((t + 1.0) / n) / F(0);
            Assert.Equal(expected, schedule.AlphaBar[t], error * expected);
        }

        // f is 0 at the end, so the last β would be 1.
        Assert.Equal(0.999f, schedule.Betas[^1]);
    }

    [Fact]
    public void Laplace_alpha_bars_follow_the_laplace_log_snr()
    {
        // arXiv:2407.03297, table 1: λ(t) = -b·sgn(0.5 - t)·log(1 - 2·|t - 0.5|) with location 0 and b = 0.5, up to 1e-6 that keep the
        // logarithm finite; ᾱ is taken relative to its value at 0. The first timesteps leave nearly all of the signal, the middle one
        // (λ = 0, SNR = 1) the root of one half, the last hardly any.
        static double Signal(double u)
        {
            double lambda = -0.5 * Math.Sign(0.5 - u) * Math.Log(1 - (2 * Math.Abs(u - 0.5)) + 1e-6);
            return Math.Sqrt(1 / (1 + Math.Exp(-lambda)));
        }

        NoiseSchedule schedule = NoiseSchedule.Laplace();
        double error = 0;
        for (int t = 0; t < 999; t++)
        {
            error += TwoRoundings / (1 - schedule.Betas[t]);
            double expected = Signal((t + 1) / 1000.0) / Signal(0);
            Assert.Equal(expected, schedule.AlphaBar[t], error * expected);
        }
    }

    [Fact]
    public void Given_betas_are_kept_and_their_alpha_bars_are_products()
    {
        NoiseSchedule schedule = NoiseSchedule.FromBetas([0.5f, 0.25f, 0.75f]);
        Assert.Equal(3, schedule.TrainingTimesteps);
        Assert.Equal([0.5f, 0.25f, 0.75f], schedule.Betas);
        Assert.Equal([0.5f, 0.375f, 0.09375f], schedule.AlphaBar);
    }

    [Fact]
    public void Given_betas_are_copied()
    {
        float[] betas = [0.5f, 0.25f];
        NoiseSchedule schedule = NoiseSchedule.FromBetas(betas);
        betas[0] = 0.9f;
        Assert.Equal(0.5f, schedule.Betas[0]);
    }

    [Fact]
    public void A_function_of_time_gives_the_betas_between_its_values()
    {
        // ᾱ(u) = 2^-4u over four timesteps halves each time; the cap of 0.4 then wins everywhere.
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], NoiseSchedule.FromAlphaBar(u => Math.Pow(2, -4 * u), 4).Betas);
        Assert.Equal([0.4f, 0.4f, 0.4f, 0.4f], NoiseSchedule.FromAlphaBar(u => Math.Pow(2, -4 * u), 4, maximumBeta: 0.4).Betas);
    }

    [Fact]
    public void A_schedule_may_have_one_timestep()
    {
        Assert.Equal([0.1f], NoiseSchedule.Linear(1, 0.1, 0.2).Betas);
        Assert.Equal(0.9f, NoiseSchedule.Linear(1, 0.1, 0.2).AlphaBar[0], TwoRoundings);
    }

    [Fact]
    public void What_is_not_a_schedule_is_refused_by_name()
    {
        Assert.Equal("trainingTimesteps", Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSchedule.Linear(0)).ParamName);
        Assert.Equal("betaStart", Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSchedule.Linear(10, -0.1, 0.2)).ParamName);
        Assert.Equal("betaStart", Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSchedule.Linear(10, 0, 0.2)).ParamName);
        Assert.Equal("betaEnd", Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSchedule.ScaledLinear(10, 0.1, 1.1)).ParamName);
        Assert.Equal("betaEnd", Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSchedule.Sigmoid(10, 0.1, double.NaN)).ParamName);
        Assert.Equal("maximumBeta", Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSchedule.FromAlphaBar(u => 1 - u, 10, maximumBeta: 0)).ParamName);
        Assert.Equal("alphaBar", Assert.Throws<ArgumentNullException>(() => NoiseSchedule.FromAlphaBar(null!)).ParamName);
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => NoiseSchedule.FromBetas([])).Message, StringComparison.Ordinal);
        Assert.Contains("Beta 1 is 1.5", Assert.Throws<ArgumentException>(() => NoiseSchedule.FromBetas([0.5f, 1.5f])).Message, StringComparison.Ordinal);
        Assert.Contains("Beta 0 is NaN", Assert.Throws<ArgumentException>(() => NoiseSchedule.FromBetas([float.NaN])).Message, StringComparison.Ordinal);
        Assert.Contains("Beta 0", Assert.Throws<ArgumentException>(() => NoiseSchedule.FromAlphaBar(u => 1 + u, 3)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-9f)]
    public void Timestep_0_must_add_noise(float first)
    {
        // Where 1 - ᾱ is 0 in float32, the equations of a step divide 0 by 0.
        Assert.Contains("first beta", Assert.Throws<ArgumentException>(() => NoiseSchedule.FromBetas([first, 0.5f])).Message, StringComparison.Ordinal);
    }

    private static void AssertBetas(NoiseSchedule schedule, int n, Func<int, double> formula)
    {
        Assert.Equal(n, schedule.TrainingTimesteps);
        double alphaBar = 1;
        for (int t = 0; t < n; t++)
        {
            double beta = formula(t);

            // 6: the sigmoid's exponential and its sum with the start round too; so does the stride of a linear one, twice in its square.
            Assert.Equal(beta, schedule.Betas[t], 3 * TwoRoundings * beta);
            alphaBar *= 1 - beta;
            Assert.Equal(alphaBar, schedule.AlphaBar[t], (t + 1) * TwoRoundings * alphaBar);
        }
    }
}
