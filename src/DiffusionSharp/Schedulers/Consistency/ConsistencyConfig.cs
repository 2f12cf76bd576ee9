namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>CMStochasticIterativeScheduler</c>.</summary>
internal static class ConsistencyConfig
{
    public static ConsistencyScheduler Create(SchedulerConfigReader reader) => new(new ConsistencyOptions
    {
        TrainingTimesteps = reader.WholeNumber("num_train_timesteps", 40),
        SigmaMin = reader.Number("sigma_min", 0.002),
        SigmaMax = reader.Number("sigma_max", 80),
        SigmaData = reader.Number("sigma_data", 0.5),
        NoiseScale = reader.Number("s_noise", 1),
        Rho = reader.Number("rho", 7),
        Clipping = reader.Flag("clip_denoised", true) ? SampleClipping.Clamp() : SampleClipping.None,
    });
}
