using DiffusionSharp.Schedulers.Configuration;
using DiffusionSharp.Schedulers.Edm;

namespace DiffusionSharp.Schedulers.EdmEuler;

/// <summary>Reads the configuration of diffusers' <c>EDMEulerScheduler</c>.</summary>
internal static class EdmEulerConfig
{
    public static EdmEulerScheduler Create(SchedulerConfigReader reader) => new(EdmConfig.Read(reader, new EdmEulerOptions()));
}
