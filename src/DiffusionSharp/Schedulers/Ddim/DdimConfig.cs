namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DDIMScheduler</c>.</summary>
internal static class DdimConfig
{
    public static DdimScheduler Create(SchedulerConfigReader reader) => new(new DdimOptions
    {
        Schedule = reader.Schedule(),
        PredictionType = reader.PredictionType(),
        Clipping = reader.Clipping(),
        TimestepSpacing = reader.TimestepSpacing(TimestepSpacing.Leading),
        StepsOffset = reader.WholeNumber("steps_offset", 0),
        SetAlphaToOne = reader.Flag("set_alpha_to_one", true),
    });
}
