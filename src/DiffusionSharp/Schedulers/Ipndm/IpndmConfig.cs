namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>IPNDMScheduler</c>.</summary>
internal static class IpndmConfig
{
    public static IpndmScheduler Create(SchedulerConfigReader reader)
    {
        // Says how the model was trained; sampling does not depend on it.
        reader.WholeNumber("num_train_timesteps", 1000);
        return new(new IpndmOptions { Sigmas = reader.TrainedBetas() });
    }
}
