namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DDPMWuerstchenScheduler</c>.</summary>
internal static class WuerstchenConfig
{
    public static WuerstchenScheduler Create(SchedulerConfigReader reader) => new(new WuerstchenOptions { Scaler = reader.Number("scaler", 1), Offset = reader.Number("s", 0.008) });
}
