using System.Text.Json;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Loops of samplers that diffusers does not have must end where those of k-diffusion and ComfyUI end.</summary>
public class SamplerParityTests
{
    private static readonly Lazy<JsonElement> Root = new(() => SchedulerVectors.Load("sampler_loops.json"));

    public static TheoryData<string> Loops() => SchedulerVectors.IdsOf(Root.Value, "samplers");

    [Theory]
    [MemberData(nameof(Loops))]
    public void A_loop_ends_where_that_of_ComfyUI_ends(string id)
    {
        JsonElement record = SchedulerVectors.Find(Root.Value, "samplers", id);
        DiscreteSchedulerOptions model = ((IDiscreteScheduler)SchedulerConfig.Create(SchedulerVectors.ConfigText("EulerDiscreteScheduler", record.GetProperty("config")))).Options;
        var shape = new SampleShape(SchedulerVectors.Batch, SchedulerVectors.Channels, SchedulerVectors.Side, SchedulerVectors.Side);
        ISchedulerRun run = Create(record, (EulerOptions)model).Start(new SamplingPlan(record.GetProperty("steps").GetInt32(), shape));
        double[] timesteps = [.. record.GetProperty("timesteps").EnumerateArray().Select(t => t.GetDouble())];
        Assert.Equal(timesteps, run.Timesteps, (expected, actual) => Math.Abs(expected - actual) < 2e-2);

        var noise = new ScriptedNoise(SchedulerVectors.NoiseRowAgain);
        float[] sample = Array.ConvertAll(SchedulerVectors.WideSample(), x => (float)(x * run.InitialNoiseScale));
        var input = new float[sample.Length];
        float scale = record.GetProperty("scale").GetSingle();
        for (int i = 0; i < run.CallCount; i++)
        {
            run.PrepareInput(i, sample, input, noise);
            float[] conditional = SchedulerVectors.Bounded(input, timesteps[i]);
            run.Step(i, Guided.By(scale, conditional, Array.ConvertAll(conditional, c => c / 2)), sample, sample, noise);
        }

        // Those draw noise of weight 0 too.
        int draws = record.GetProperty("draws").GetInt32();
        Assert.Equal(Number(record, "eta", 1) == 0 ? 0 : draws, noise.Draws);
        SchedulerVectors.AssertEnd(record, sample);
    }

    private static IScheduler Create(JsonElement record, EulerOptions model)
    {
        double eta = Number(record, "eta", 0);
        return record.GetProperty("sampler").GetString() switch
        {
            "sample_dpmpp_2s_ancestral" => new DpmSolverAncestralScheduler(DpmSolverAncestralOptions.From(model) with { Eta = eta, SigmaSpacing = model.SigmaSpacing }),
            "sample_euler_cfg_pp" => new EulerCfgPlusPlusScheduler(EulerCfgPlusPlusOptions.From(model) with { SigmaSpacing = model.SigmaSpacing }),
            "sample_euler_ancestral_cfg_pp" => new EulerCfgPlusPlusScheduler(EulerCfgPlusPlusOptions.From(model) with { Eta = eta, SigmaSpacing = model.SigmaSpacing }),
            "res_multistep" => new ResMultistepScheduler(ResMultistepOptions.From(model) with { Eta = eta, SigmaSpacing = model.SigmaSpacing }),
            "sample_gradient_estimation" => new GradientEstimationScheduler(GradientEstimationOptions.From(model) with { Gamma = Number(record, "ge_gamma", 2), SigmaSpacing = model.SigmaSpacing }),
            "sample_er_sde" => new ErSdeScheduler(ErSdeOptions.From(model) with { SolverOrder = (int)Number(record, "max_stage", 3), SigmaSpacing = model.SigmaSpacing }),
            var name => throw new NotSupportedException($"The tests do not know the sampler {name}."),
        };
    }

    private static double Number(JsonElement record, string key, double fallback) =>
        record.GetProperty("options").TryGetProperty(key, out JsonElement value) ? value.GetDouble() : fallback;
}
