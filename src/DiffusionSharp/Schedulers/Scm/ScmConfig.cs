namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>SCMScheduler</c>.</summary>
internal static class ScmConfig
{
    public static ScmScheduler Create(SchedulerConfigReader reader)
    {
        // Says how the model was trained; sampling does not depend on it.
        reader.Integer("num_train_timesteps", 1000);
        reader.Choice("prediction_type", true, [("trigflow", true)]);
        return new(new ScmOptions { SigmaData = reader.Number("sigma_data", 0.5) });
    }
}
