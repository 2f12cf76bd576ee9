namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>KarrasVeScheduler</c>.</summary>
internal static class KarrasVeConfig
{
    public static KarrasVeScheduler Create(SchedulerConfigReader reader) => new(new KarrasVeOptions
    {
        SigmaMin = reader.Number("sigma_min", 0.02),
        SigmaMax = reader.Number("sigma_max", 100),
        Churn = reader.Number("s_churn", 80),
        ChurnMinimum = reader.Number("s_min", 0.05),
        ChurnMaximum = reader.Number("s_max", 50),
        ChurnNoise = reader.Number("s_noise", 1.007),
    });
}
