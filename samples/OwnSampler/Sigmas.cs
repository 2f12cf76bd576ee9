using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples;

/// <summary>Noise levels σ of samplers whose sample is <c>x_0 + σ·ε</c>, for models of a discrete noise schedule that predict noise.</summary>
internal static class Sigmas
{
    /// <summary>σ at evenly spaced whole timesteps, falling, and 0 behind them.</summary>
    public static double[] Of(DiscreteSchedulerOptions options, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var sigmas = new double[steps + 1];
        for (int i = 0; i < steps; i++)
        {
            int timestep = (int)Math.Round((options.Schedule.TrainingTimesteps - 1) * (1 - (i / (double)steps)));
            double alphaBar = options.Schedule.AlphaBar[timestep];
            sigmas[i] = Math.Sqrt((1 - alphaBar) / alphaBar);
        }

        return sigmas;
    }

    /// <summary>The levels of a model call at each of them but the last.</summary>
    public static NoiseLevel[] Levels(DiscreteSchedulerOptions options, ReadOnlySpan<double> sigmas)
    {
        var levels = new NoiseLevel[sigmas.Length - 1];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = At(options.Schedule, sigmas[i]);
        }

        return levels;
    }

    /// <summary>The level of a model call at one of them, also between timesteps.</summary>
    public static NoiseLevel At(NoiseSchedule schedule, double sigma)
    {
        double scale = 1 / Math.Sqrt((sigma * sigma) + 1);
        int above = 1;
        while (above < schedule.TrainingTimesteps - 1 && schedule.AlphaBar[above] > scale * scale)
        {
            above++;
        }

        (float high, float low) = (schedule.AlphaBar[above - 1], schedule.AlphaBar[above]);
        double timestep = above - 1 + Math.Clamp((high - (scale * scale)) / (high - low), 0, 1);
        return new NoiseLevel { Timestep = timestep, Alpha = scale, Sigma = scale * sigma, InputScale = scale, FromInput = 1 / scale, FromPrediction = -sigma };
    }
}
