namespace DiffusionSharp.Schedulers;

/// <content>The published shapes of β over time.</content>
public sealed partial class NoiseSchedule
{
    private const int DefaultTimesteps = 1000;

    /// <summary>β rises linearly (Ho et al. 2020, arXiv:2006.11239, section 4).</summary>
    /// <param name="trainingTimesteps">Number of timesteps, at least 1.</param>
    /// <param name="betaStart">First β, in (0, 1].</param>
    /// <param name="betaEnd">Last β, in [0, 1].</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static NoiseSchedule Linear(int trainingTimesteps = DefaultTimesteps, double betaStart = 0.0001, double betaEnd = 0.02)
    {
        CheckRange(trainingTimesteps, betaStart, betaEnd);
        return new NoiseSchedule(LinearSpace(betaStart, betaEnd, trainingTimesteps));
    }

    /// <summary>The square root of β rises linearly, as in latent diffusion (Rombach et al. 2022, arXiv:2112.10752).</summary>
    /// <param name="trainingTimesteps">Number of timesteps, at least 1.</param>
    /// <param name="betaStart">First β, in (0, 1]; the default is Stable Diffusion's.</param>
    /// <param name="betaEnd">Last β, in [0, 1]; the default is Stable Diffusion's.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static NoiseSchedule ScaledLinear(int trainingTimesteps = DefaultTimesteps, double betaStart = 0.00085, double betaEnd = 0.012)
    {
        CheckRange(trainingTimesteps, betaStart, betaEnd);
        float[] betas = LinearSpace(Math.Sqrt(betaStart), Math.Sqrt(betaEnd), trainingTimesteps);
        for (int t = 0; t < betas.Length; t++)
        {
            betas[t] *= betas[t];
        }

        return new NoiseSchedule(betas);
    }

    /// <summary>ᾱ follows a squared cosine, β capped (Nichol &amp; Dhariwal 2021, arXiv:2102.09672, eq. 17, s = 0.008).</summary>
    /// <param name="trainingTimesteps">Number of timesteps, at least 1.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static NoiseSchedule SquaredCosine(int trainingTimesteps = DefaultTimesteps) =>
        FromAlphaBar(
            static u =>
            {
                double cosine = Math.Cos((u + 0.008) / 1.008 * Math.PI / 2);
                return cosine * cosine;
            },
            trainingTimesteps);

    /// <summary>ᾱ falls exponentially, <c>ᾱ(u) = exp(-12·u)</c>, so the log signal-to-noise ratio falls about linearly; β is nearly constant.</summary>
    /// <param name="trainingTimesteps">Number of timesteps, at least 1.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static NoiseSchedule Exponential(int trainingTimesteps = DefaultTimesteps) => FromAlphaBar(static u => Math.Exp(-12 * u), trainingTimesteps);

    /// <summary>ᾱ follows from a Laplace distribution of the log signal-to-noise ratio (Hang et al. 2024, arXiv:2407.03297, table 1), β capped.</summary>
    /// <param name="trainingTimesteps">Number of timesteps, at least 1.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static NoiseSchedule Laplace(int trainingTimesteps = DefaultTimesteps) =>
        FromAlphaBar(
            static u =>
            {
                double lambda = -0.5 * Math.CopySign(1, 0.5 - u) * Math.Log(1 - (2 * Math.Abs(0.5 - u)) + 1e-6);
                double snr = Math.Exp(lambda);
                return Math.Sqrt(snr / (1 + snr));
            },
            trainingTimesteps);

    /// <summary>β follows a sigmoid over [-6, 6] between its two ends (Xu et al. 2022, GeoDiff, arXiv:2203.02923).</summary>
    /// <param name="trainingTimesteps">Number of timesteps, at least 1.</param>
    /// <param name="betaStart">Lower end of β, in (0, 1].</param>
    /// <param name="betaEnd">Upper end of β, in [0, 1].</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static NoiseSchedule Sigmoid(int trainingTimesteps = DefaultTimesteps, double betaStart = 0.0001, double betaEnd = 0.02)
    {
        CheckRange(trainingTimesteps, betaStart, betaEnd);
        float[] betas = LinearSpace(-6, 6, trainingTimesteps);
        for (int t = 0; t < betas.Length; t++)
        {
            float sigmoid = (float)(1 / (1 + Math.Exp(-betas[t])));
            betas[t] = (sigmoid * (float)(betaEnd - betaStart)) + (float)betaStart;
        }

        return new NoiseSchedule(betas);
    }

    /// <summary>β from a function ᾱ(u) of continuous time, <c>β_t = min(1 - ᾱ((t+1)/N)/ᾱ(t/N), maximumBeta)</c>.</summary>
    /// <param name="alphaBar">ᾱ at u in [0, 1], falling from about 1, positive for u below 1.</param>
    /// <param name="trainingTimesteps">Number of timesteps N, at least 1.</param>
    /// <param name="maximumBeta">Cap of β, in (0, 1].</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The function gives a β outside [0, 1], or 0 at the first timestep.</exception>
    public static NoiseSchedule FromAlphaBar(Func<double, double> alphaBar, int trainingTimesteps = DefaultTimesteps, double maximumBeta = 0.999)
    {
        ArgumentNullException.ThrowIfNull(alphaBar);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingTimesteps, 1);
        if (!(maximumBeta is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(maximumBeta), maximumBeta, "The cap of beta is in (0, 1].");
        }

        var betas = new float[trainingTimesteps];
        for (int t = 0; t < betas.Length; t++)
        {
            double left = alphaBar((t + 1) / (double)trainingTimesteps) / alphaBar(t / (double)trainingTimesteps);
            betas[t] = (float)Math.Min(1 - left, maximumBeta);
        }

        return FromBetas(betas);
    }

    /// <summary>β as given.</summary>
    /// <param name="betas">One β per timestep, each in [0, 1]; copied.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentException">There is none, one is outside [0, 1], or the first is 0.</exception>
    public static NoiseSchedule FromBetas(ReadOnlySpan<float> betas)
    {
        if (betas.IsEmpty)
        {
            throw new ArgumentException("A noise schedule needs at least one beta.", nameof(betas));
        }

        for (int t = 0; t < betas.Length; t++)
        {
            if (!(betas[t] is >= 0 and <= 1))
            {
                throw new ArgumentException($"Beta {t} is {betas[t]}, but a beta is in [0, 1].", nameof(betas));
            }
        }

        return new NoiseSchedule(betas.ToArray());
    }

    /// <summary>
    /// The schedule shifted and scaled so that nothing of the signal is left at the last timestep (Lin et al. 2023, arXiv:2305.08891,
    /// algorithm 1). Models trained so predict v or x_0 and are sampled with trailing spacing.
    /// </summary>
    /// <returns>A schedule whose last ᾱ is 0.</returns>
    /// <exception cref="InvalidOperationException">ᾱ does not fall between the first and the last timestep.</exception>
    public NoiseSchedule WithZeroTerminalSnr()
    {
        var roots = new float[_alphaBar.Length];
        for (int t = 0; t < roots.Length; t++)
        {
            roots[t] = MathF.Sqrt(_alphaBar[t]);
        }

        float first = roots[0];
        float last = roots[^1];
        if (first == last)
        {
            throw new InvalidOperationException("A schedule whose alpha bar does not fall after its first timestep cannot be rescaled to zero terminal SNR: the first alpha bar stays, the last becomes 0.");
        }

        float scale = first / (first - last);
        var betas = new float[roots.Length];
        float previous = 1;
        for (int t = 0; t < betas.Length; t++)
        {
            float root = (roots[t] - last) * scale;
            float alphaBar = root * root;
            betas[t] = 1 - (alphaBar / previous);
            previous = alphaBar;
        }

        return new NoiseSchedule(betas);
    }

    private static void CheckRange(int trainingTimesteps, double betaStart, double betaEnd)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingTimesteps, 1);
        if (!(betaStart is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(betaStart), betaStart, "The first beta is in (0, 1].");
        }

        if (!(betaEnd is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(betaEnd), betaEnd, "A beta is in [0, 1].");
        }
    }

    // Rounds like PyTorch's linspace on CPUs with AVX2, so that ᾱ agrees with training code to the last bit: from either end to the
    // middle, in blocks of eight that count on from their first value; what is left of pairs of blocks, value by value.
    internal static float[] LinearSpace(double start, double end, int count)
    {
        const int Block = 8;
        (float first, float last) = ((float)start, (float)end);
        float step = count == 1 ? 0 : (last - first) / (count - 1);
        int blocks = count / (2 * Block) * (2 * Block);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            int offset = i < blocks ? i % Block : 0;
            int begin = i - offset;
            float origin = begin < count / 2 || count == 1
                ? MathF.FusedMultiplyAdd(step, begin, first)
                : MathF.FusedMultiplyAdd(-step, count - begin - 1, last);
            values[i] = origin + (step * offset);
        }

        return values;
    }
}
