using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Ipndm;

public class IpndmTests
{
    [Fact]
    public void Steps_are_multistep_formulas_of_the_noise_that_a_velocity_implies() =>
        LongRun.Follows(new IpndmScheduler(), 12, run =>
        {
            var kept = new List<double[]>();
            return (i, x, p, z) =>
            {
                ((double a, double s), (double nextA, double nextS)) = (Share(i), Share(i + 1));
                kept.Insert(0, LongRun.Each(x, k => (s * x[k]) + (a * p[k])));
                return LongRun.Each(x, k =>
                {
                    double noise = kept.Count switch
                    {
                        1 => kept[0][k],
                        2 => ((3 * kept[0][k]) - kept[1][k]) / 2,
                        3 => ((23 * kept[0][k]) - (16 * kept[1][k]) + (5 * kept[2][k])) / 12,
                        _ => ((55 * kept[0][k]) - (59 * kept[1][k]) + (37 * kept[2][k]) - (9 * kept[3][k])) / 24,
                    };
                    // At the start α is 0 and x all noise; reference implementations take x_0 for 0 there.
                    double original = i == 0 ? 0 : (x[k] - (s * noise)) / a;
                    return (nextA * original) + (nextS * noise);
                });
            };

            (double Signal, double Noise) Share(int i)
            {
                double sine = Math.Sin((1 - (i / 12.0)) * Math.PI / 2);
                return (Math.Sqrt(1 - Math.Pow(sine, 4)), sine * sine);
            }
        });

    [Fact]
    public void Times_fall_from_one()
    {
        ISchedulerRun run = new IpndmScheduler().Start(new SamplingPlan(7, LongRun.Shape));

        Assert.Equal(7, run.Timesteps.Count);
        Assert.Equal(1, run.Timesteps[0], 1e-6);
        Assert.All(run.Timesteps.Zip(run.Timesteps.Skip(1)), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void Noise_shares_are_in_0_to_1_and_timesteps_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new IpndmOptions { Sigmas = [0.5f] });
        Assert.Throws<ArgumentException>(() => new IpndmOptions { Sigmas = [1.5f, 0] });
        Assert.Throws<ArgumentException>(() => new IpndmScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Timesteps = [5, 1] }));
    }
}
