namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>KDPM2AncestralDiscreteScheduler</c>.</summary>
internal static class Kdpm2AncestralConfig
{
    public static Kdpm2AncestralScheduler Create(SchedulerConfigReader reader) =>
        new(DiscreteConfig.ReadSigmas(reader, new Kdpm2AncestralOptions(), reader.FixedSchedule(defaultStart: 0.00085, defaultEnd: 0.012)));
}
