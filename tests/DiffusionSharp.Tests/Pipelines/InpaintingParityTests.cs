using System.Numerics.Tensors;
using System.Text.Json;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Inpainting through the pipeline ends where diffusers' schedulers end in the loop of its inpainting pipeline.</summary>
public class InpaintingParityTests
{
    private const int Side = SchedulerVectors.Side;
    private const int Length = SchedulerVectors.Channels * Side * Side;

    public static TheoryData<string> Records() => SchedulerVectors.IdsOf("inpaint");

    [Theory]
    [MemberData(nameof(Records))]
    public void Inpainting_ends_where_that_of_diffusers_ends(string id)
    {
        JsonElement record = SchedulerVectors.FindMore("inpaint", id);
        var noise = new ScriptedNoise(draw => SchedulerVectors.NoiseRowAgain(draw)[..Length]);
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(NoisePredictor.FromFunction((sample, timestep, _, prediction) => SchedulerVectors.Bounded(sample, timestep, prediction)))
            .UsePixelSpace()
            .UseScheduler(SchedulerConfig.Create(SchedulerVectors.ConfigText(record)))
            .UseNoise(_ => noise)
            .Build();
        GenerationResult result = pipeline.Generate(new GenerationRequest
        {
            InitialImage = Tensor.Create(SchedulerVectors.Picture(Length), [1, SchedulerVectors.Channels, Side, Side]),
            Mask = Tensor.Create(SchedulerVectors.Mask(Side * Side, soft: false), [1, 1, Side, Side]),
            Steps = record.GetProperty("set_timesteps").GetProperty("num_inference_steps").GetInt32(),
            Strength = record.GetProperty("strength").GetDouble(),
        });
        Assert.Equal(record.GetProperty("calls").GetInt32(), result.Timings.Steps);
        Assert.Equal(record.GetProperty("draws").GetInt32(), noise.Draws);
        SchedulerVectors.AssertEnd(record, result.Latents.Values());
    }
}
