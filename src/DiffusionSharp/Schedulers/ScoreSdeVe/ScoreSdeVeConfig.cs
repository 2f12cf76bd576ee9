namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>ScoreSdeVeScheduler</c>.</summary>
internal static class ScoreSdeVeConfig
{
    public static ScoreSdeVeScheduler Create(SchedulerConfigReader reader)
    {
        // Says how the model was trained; sampling does not depend on it.
        reader.Integer("num_train_timesteps", 2000);
        return new(new ScoreSdeVeOptions
        {
            SigmaMin = reader.Number("sigma_min", 0.01),
            SigmaMax = reader.Number("sigma_max", 1348),
            SignalToNoise = reader.Number("snr", 0.15),
            End = reader.Number("sampling_eps", 1e-5),
            CorrectorSteps = reader.Integer("correct_steps", 1),
        });
    }
}
