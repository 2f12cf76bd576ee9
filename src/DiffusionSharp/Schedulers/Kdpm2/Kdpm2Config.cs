namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>KDPM2DiscreteScheduler</c>.</summary>
internal static class Kdpm2Config
{
    public static Kdpm2Scheduler Create(SchedulerConfigReader reader) =>
        new(DiscreteConfig.ReadSigmas(reader, new Kdpm2Options(), reader.FixedSchedule(defaultStart: 0.00085, defaultEnd: 0.012)));
}
