namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>RePaintScheduler</c>, which knows noise predictions only.</summary>
internal static class RePaintConfig
{
    public static RePaintScheduler Create(SchedulerConfigReader reader) => new(new RePaintOptions
    {
        Schedule = reader.FixedSchedule(0.0001, 0.02),
        PredictionType = reader.PredictionType(),
        Clipping = reader.Clamping(fallback: true),
        Eta = reader.Number("eta", 0),
    });
}
