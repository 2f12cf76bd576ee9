using System.Text.Json;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>β and ᾱ are those that diffusers computes, at every timestep.</summary>
public class DiffusersScheduleTests
{
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

        if (!name.StartsWith("squaredcos", StringComparison.Ordinal))
        {
            // To the last bit: from one ulp of ᾱ on, timesteps that follow from noise levels may fall on the other side of a whole number.
            Assert.Equal(betas, schedule.Betas);
            Assert.Equal(alphaBars, schedule.AlphaBar);
            return;
        }

        // The cosine comes from the platform's mathematical library, so a β may be rounded to the other side, and every factor 1 - β of
        // the product with it. Rescaling computes β as 1 - ratio, which turns an ulp of the ratio into one of 1.
        for (int t = 0; t < betas.Length; t++)
        {
            Assert.Equal(betas[t], schedule.Betas[t], 2 * Approximate.Roundoff);
            Assert.Equal(alphaBars[t], schedule.AlphaBar[t], 2 * (t + 1) * Approximate.Roundoff * alphaBars[t]);
        }
    }
}
