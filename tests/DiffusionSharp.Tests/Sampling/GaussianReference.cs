using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Sampling;

/// <summary>What the papers' samplers make of normal data with its optimal predictor, in double.</summary>
internal static class GaussianReference
{
    /// <summary>DDIM, arXiv:2010.02502 eq. 12 and 16; ᾱ is 1 behind the last timestep.</summary>
    public static AffineMap Ddim(GaussianData data, NoiseSchedule schedule, IReadOnlyList<double> timesteps, double eta = 0) => All(schedule, timesteps, (now, next, _) =>
    {
        double sigma = eta * Math.Sqrt((1 - next) / (1 - now) * (1 - (now / next)));
        double direction = Math.Sqrt(Math.Max(0, 1 - next - (sigma * sigma)));
        return AffineMap.Through(x => (Math.Sqrt(next) * data.Original(now, x)) + (direction * data.Noise(now, x)), sigma * sigma);
    });

    /// <summary>DDPM, arXiv:2006.11239 algorithm 2, with the variance β̃ or β.</summary>
    public static AffineMap Ddpm(GaussianData data, NoiseSchedule schedule, IReadOnlyList<double> timesteps, bool large = false) => All(schedule, timesteps, (now, next, t) =>
    {
        double alpha = now / next;
        double beta = 1 - alpha;
        double variance = large ? beta : (1 - next) / (1 - now) * beta;
        return AffineMap.Through(x => (x - (beta / Math.Sqrt(1 - now) * data.Noise(now, x))) / Math.Sqrt(alpha), t == 0 ? 0 : variance);
    });

    private static AffineMap All(NoiseSchedule schedule, IReadOnlyList<double> timesteps, Func<double, double, int, AffineMap> step)
    {
        AffineMap all = AffineMap.Identity;
        for (int i = 0; i < timesteps.Count; i++)
        {
            int t = (int)timesteps[i];
            double next = i + 1 < timesteps.Count ? schedule.AlphaBar[(int)timesteps[i + 1]] : 1;
            all = all.Then(step(schedule.AlphaBar[t], next, t));
        }

        return all;
    }
}
