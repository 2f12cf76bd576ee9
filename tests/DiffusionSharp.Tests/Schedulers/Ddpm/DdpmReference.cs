using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Ddpm;

/// <summary>
/// Ancestral sampling as arXiv:2006.11239 writes it, from timestep t to the next one s of a subsequence: α_t is then ᾱ_t/ᾱ_s
/// (arXiv:2102.09672, section 4), and ᾱ_s is 1 where there is none.
/// </summary>
internal static class DdpmReference
{
    // The library's stated floor of the variance.
    private const double SmallestVariance = 1e-20;

    public static Approximate[] Step(StepCase c, VarianceType type, int timestep, int? next, float[] variance)
    {
        double alphaBar = c.AlphaBar(timestep);
        double alphaBarNext = c.AlphaBar(next);
        Approximate alpha = (Approximate)alphaBar / alphaBarNext;
        Approximate beta = (Approximate)1 - alpha;
        Approximate betaBar = (Approximate)1 - alphaBar;
        Approximate betaBarNext = (Approximate)1 - alphaBarNext;

        // eq. 7: mean and variance of q(x_s | x_t, x_0)
        Approximate fromOriginal = Approximate.Sqrt(alphaBarNext) * beta / betaBar;
        Approximate fromSample = Approximate.Sqrt(alpha) * betaBarNext / betaBar;
        Approximate posterior = Approximate.Max(betaBarNext / betaBar * beta, SmallestVariance);

        float[] sample = c.Sample;
        float[] noise = c.Noise;
        Approximate[] original = OriginalReference.Clipped(c, timestep);
        return [.. sample.Select((x, i) =>
        {
            Approximate mean = (fromOriginal * original[i]) + (fromSample * x);
            return timestep == 0 ? mean : mean + (Deviation(type, beta, posterior, variance.Length == 0 ? 0 : variance[i]) * noise[i]);
        })];
    }

    /// <summary>Line 4 of algorithm 2 for a noise prediction, without the noise that it adds.</summary>
    public static double Algorithm2Mean(double alphaBar, double alphaBarNext, double x, Approximate epsilon)
    {
        double alpha = alphaBar / alphaBarNext;
        return (x - ((1 - alpha) / Math.Sqrt(1 - alphaBar) * epsilon.Value)) / Math.Sqrt(alpha);
    }

    private static Approximate Deviation(VarianceType type, Approximate beta, Approximate posterior, float predicted) => type switch
    {
        VarianceType.FixedSmall or VarianceType.FixedSmallLog => Approximate.Sqrt(posterior),
        VarianceType.FixedLarge or VarianceType.FixedLargeLog => Approximate.Sqrt(beta),
        VarianceType.Learned => Approximate.Sqrt(predicted),
        VarianceType.LearnedRange => LearnedRange(beta, posterior, predicted),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    // arXiv:2102.09672, eq. 15: Σ = exp(v·log β + (1-v)·log β̃), where the network's output in [-1, 1] is mapped to v in [0, 1].
    private static Approximate LearnedRange(Approximate beta, Approximate posterior, float predicted)
    {
        Approximate v = ((Approximate)predicted + 1) / 2;
        return Approximate.Exp(((v * Approximate.Log(beta)) + (((Approximate)1 - v) * Approximate.Log(posterior))) / 2);
    }
}
