namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>TCDScheduler</c>, whose steps never clip whatever the configuration says.</summary>
internal static class TcdConfig
{
    public static TcdScheduler Create(SchedulerConfigReader reader)
    {
        reader.InertForDistilled();
        reader.Inert("timestep_scaling", 10.0);
        reader.Inert("clip_sample", false);
        reader.Inert("clip_sample_range", 1.0);
        reader.Inert("thresholding", false);
        reader.Inert("dynamic_thresholding_ratio", 0.995);
        reader.Inert("sample_max_value", 1.0);
        return new(new TcdOptions
        {
            Schedule = reader.Schedule("scaled_linear", 0.00085, 0.012),
            PredictionType = reader.PredictionType(),
            OriginalInferenceSteps = reader.WholeNumber("original_inference_steps", 50),
        });
    }
}
