namespace DiffusionSharp.Schedulers;

/// <summary>
/// The noise levels σ_t = sqrt((1-ᾱ_t)/ᾱ_t) of a discrete noise schedule, as a function of fractional timesteps and back.
/// Entries are rounded to float32 as reference implementations keep them.
/// </summary>
internal sealed class SigmaTable
{
    // What ᾱ of a zero-terminal-SNR schedule is taken for at its last timestep: the smallest subnormal of float16.
    private const float SmallestAlphaBar = 1f / (1 << 24);
    private const double SmallestSigma = 1e-10;

    private readonly double[] _sigmas;
    private readonly float[] _logs;

    public SigmaTable(NoiseSchedule schedule)
    {
        _sigmas = new double[schedule.TrainingTimesteps];
        _logs = new float[_sigmas.Length];
        for (int t = 0; t < _sigmas.Length; t++)
        {
            float alphaBar = schedule.AlphaBar[t] == 0 ? SmallestAlphaBar : schedule.AlphaBar[t];
            float sigma = MathF.Sqrt((1 - alphaBar) / alphaBar);
            _sigmas[t] = sigma;
            _logs[t] = (float)Math.Log(sigma);
        }
    }

    /// <summary>Number of training timesteps.</summary>
    public int Count => _sigmas.Length;

    /// <summary>σ of timestep 0.</summary>
    public double Minimum => _sigmas[0];

    /// <summary>σ of the last timestep.</summary>
    public double Maximum => _sigmas[^1];

    /// <summary>log σ of timestep 0, in float32.</summary>
    public double LogMinimum => _logs[0];

    /// <summary>log σ of the last timestep, in float32.</summary>
    public double LogMaximum => _logs[^1];

    /// <summary>σ at a timestep, linear in between, clamped at the ends.</summary>
    public double At(double timestep)
    {
        if (timestep <= 0)
        {
            return _sigmas[0];
        }

        if (timestep >= _sigmas.Length - 1)
        {
            return _sigmas[^1];
        }

        int below = (int)timestep;
        return _sigmas[below] + ((timestep - below) * (_sigmas[below + 1] - _sigmas[below]));
    }

    /// <summary>The fractional timestep of a σ, linear in log σ, clamped at the ends.</summary>
    public double TimestepOf(double sigma)
    {
        // In float32, so that σ of a training timestep gives that timestep and callers may cut fractions off.
        float log = (float)Math.Log(Math.Max(sigma, SmallestSigma));
        int below = Math.Clamp(LastNotAbove(log), 0, _logs.Length - 2);
        float weight = Math.Clamp((_logs[below] - log) / (_logs[below] - _logs[below + 1]), 0, 1);
        return ((1 - weight) * (double)below) + (weight * (double)(below + 1));
    }

    /// <summary>How many timesteps have a λ = -log σ below a bound; they are the last ones.</summary>
    public int CountBelowLambda(double lambda)
    {
        int count = 0;
        while (count < _logs.Length && -_logs[_logs.Length - 1 - count] < lambda)
        {
            count++;
        }

        return count;
    }

    // From the end: with zero terminal SNR the last σ may be below the one before.
    private int LastNotAbove(float log)
    {
        int found = _logs.Length - 1;
        while (found >= 0 && _logs[found] > log)
        {
            found--;
        }

        return found;
    }
}
