namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>EDMEulerScheduler</c>.</summary>
internal static class EdmEulerConfig
{
    public static EdmEulerScheduler Create(SchedulerConfigReader reader) => new(EdmConfig.Read(reader, new EdmEulerOptions()));
}
