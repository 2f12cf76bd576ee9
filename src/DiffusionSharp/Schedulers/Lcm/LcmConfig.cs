namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>LCMScheduler</c>.</summary>
internal static class LcmConfig
{
    public static LcmScheduler Create(SchedulerConfigReader reader)
    {
        reader.InertForDistilled();
        return new(new LcmOptions
        {
            Schedule = reader.Schedule("scaled_linear", 0.00085, 0.012),
            PredictionType = reader.PredictionType(),
            Clipping = reader.Clipping(clampsByDefault: false),
            OriginalInferenceSteps = reader.WholeNumber("original_inference_steps", 50),
            TimestepScaling = reader.Number("timestep_scaling", 10),
        });
    }
}
