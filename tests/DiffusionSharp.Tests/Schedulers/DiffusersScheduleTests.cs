using System.Text.Json;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Schedulers.Configuration;
using DiffusionSharp.Schedulers.Ddpm;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>β and ᾱ are those that diffusers computes, at every timestep.</summary>
public class DiffusersScheduleTests
{
    // PyTorch's linspace multiplies a rounded step with the index and rounds the product and the sum; a square doubles that, and is
    // rounded itself. Which of it happens depends on the CPU, so nobody has these bits for certain.
    private const double LinspaceRoundings = 8;

    public static TheoryData<string> Names() => [.. SchedulerVectors.All.GetProperty("betas").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Betas_and_alpha_bars_are_those_of_diffusers(string name)
    {
        JsonElement record = SchedulerVectors.All.GetProperty("betas").GetProperty(name);
        var scheduler = (DdpmScheduler)SchedulerConfig.Create(SchedulerVectors.ConfigText("DDPMScheduler", record.GetProperty("config")));
        NoiseSchedule schedule = scheduler.Options.Schedule;
        float[] betas = SchedulerVectors.Floats(record.GetProperty("betas_f32le_b64").GetString()!);
        float[] alphaBars = SchedulerVectors.Floats(record.GetProperty("alphas_cumprod_f32le_b64").GetString()!);
        Assert.Equal(betas.Length, schedule.TrainingTimesteps);

        for (int t = 0; t < betas.Length; t++)
        {
            double error = Approximate.Roundoff * (LinspaceRoundings + RescalingError(name, alphaBars[t]));
            Assert.Equal(betas[t], schedule.Betas[t], error * (IsRescaled(name) ? 1 : betas[t]));

            // Besides, every factor 1 - β of the product was rounded once, perhaps to the other side.
            Assert.Equal(alphaBars[t], schedule.AlphaBar[t], (error + (2 * (t + 1) * Approximate.Roundoff)) * alphaBars[t]);
        }
    }

    private static bool IsRescaled(string name) => name.EndsWith("zero_snr", StringComparison.Ordinal);

    // Rescaled roots are differences of rounded ones; β is 1 minus the ratio of two squares of them.
    private static double RescalingError(string name, float alphaBar)
    {
        if (!IsRescaled(name) || alphaBar == 0)
        {
            return 0;
        }

        JsonElement plain = SchedulerVectors.All.GetProperty("betas").GetProperty(name.Split('+')[0]);
        float[] before = SchedulerVectors.Floats(plain.GetProperty("alphas_cumprod_f32le_b64").GetString()!);
        double first = Math.Sqrt(before[0]);
        double last = Math.Sqrt(before[^1]);
        double difference = Math.Sqrt(alphaBar) * (first - last) / first;
        return 4 * (difference + (2 * last)) / difference;
    }
}
