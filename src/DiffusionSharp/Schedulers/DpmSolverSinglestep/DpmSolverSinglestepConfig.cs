namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DPMSolverSinglestepScheduler</c>.</summary>
internal static class DpmSolverSinglestepConfig
{
    public static DpmSolverSinglestepScheduler Create(SchedulerConfigReader reader) => new(DpmSolverFamilyConfig.Read(reader, new DpmSolverSinglestepOptions()));
}
