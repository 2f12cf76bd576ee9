namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>PNDMScheduler</c>.</summary>
internal static class PndmConfig
{
    public static PndmScheduler Create(SchedulerConfigReader reader) => new(DiscreteConfig.Read(reader, new PndmOptions(), reader.FixedSchedule(defaultStart: 0.0001, defaultEnd: 0.02)) with
    {
        SkipPrkSteps = reader.Flag("skip_prk_steps", false),
        SetAlphaToOne = reader.Flag("set_alpha_to_one", false),
    });
}
