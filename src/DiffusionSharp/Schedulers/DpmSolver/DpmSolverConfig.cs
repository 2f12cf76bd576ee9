namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DPMSolverMultistepScheduler</c>.</summary>
internal static class DpmSolverConfig
{
    public static DpmSolverScheduler Create(SchedulerConfigReader reader) => new(DpmSolverFamilyConfig.Read(reader, new DpmSolverOptions()) with
    {
        SigmaSpacing = reader.ReadSigmaSpacing(knowsLu: true),
        EulerAtFinal = reader.Flag("euler_at_final", false),
        RoundsTimesteps = reader.Text("beta_schedule", null) != "squaredcos_cap_v2",
    });
}
