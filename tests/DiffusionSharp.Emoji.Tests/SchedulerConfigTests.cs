using System.Numerics.Tensors;
using DiffusionSharp.Emoji.Tests.Support;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>Every scheduler class of diffusers that is known, made from its configuration and run on the embedded model.</summary>
[Collection(EmojiCollection.Name)]
public class SchedulerConfigTests(EmojiModel model)
{
    // Those that approximate the ODE or SDE of this model's own process, so that an apple comes out; the others are for models of another kind.
    private static readonly string[] OfThisProcess =
    [
        "DDPMScheduler", "DDIMScheduler", "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler", "KDPM2DiscreteScheduler",
        "KDPM2AncestralDiscreteScheduler", "LMSDiscreteScheduler", "PNDMScheduler", "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler",
        "DPMSolverSDEScheduler", "DEISMultistepScheduler", "UniPCMultistepScheduler", "SASolverScheduler", "LCMScheduler", "TCDScheduler",
    ];

    public static TheoryData<string> Classes => [.. SchedulerConfig.KnownClasses];

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_class_runs_from_its_configuration(string className)
    {
        // the only one that UnCLIP knows
        string schedule = className == "UnCLIPScheduler" ? "squaredcos_cap_v2" : "scaled_linear";
        IScheduler scheduler = SchedulerConfig.Create($$"""
            {"_class_name": "{{className}}", "num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "{{schedule}}",
             "clip_sample": false, "timestep_spacing": "trailing"}
            """);
        var request = new TextToImageRequest("a red apple") { Seed = 1, Steps = 12 };
        GenerationRequest complete = className == "RePaintScheduler" ? WithHalfAMask(request) : request;

        GenerationResult? result = null;
        Exception? error = Record.Exception(() => result = model.Pipeline.WithScheduler(scheduler).Generate(complete));

        // Samplers for models of another kind give this one samples whose size it cannot know, which may grow until the pipeline says so.
        Assert.True(error is null or NonFiniteSampleException, error?.ToString());
        if (OfThisProcess.Contains(className))
        {
            float[] pixels = [.. result!.Images[0].Pixels.Values()];
            Assert.All(pixels, value => Assert.True(float.IsFinite(value)));
            (double red, double green, double blue) = (MiddleOf(pixels, 0), MiddleOf(pixels, 1), MiddleOf(pixels, 2));
            Assert.True(red > 0.4 && green < red - 0.4 && blue < red - 0.4, $"the middle of the apple is {red:0.00}, {green:0.00}, {blue:0.00}");
        }
    }

    private InpaintingRequest WithHalfAMask(TextToImageRequest request)
    {
        Tensor<float> picture = model.Pipeline.Generate(request).Images[0].Pixels;
        int side = (int)picture.Lengths[^1];
        float[] mask = [.. Enumerable.Range(0, side * side).Select(i => i % side < side / 2 ? 1f : 0f)];
        return new InpaintingRequest(request.Prompt, picture, Tensor.Create(mask, [1, 1, side, side])) { Seed = 1, Steps = 12 };
    }

    // The mean of a channel over the middle quarter of the picture.
    private static double MiddleOf(float[] pixels, int channel)
    {
        int side = (int)Math.Sqrt(pixels.Length / 3);
        double sum = 0;
        for (int y = side * 3 / 8; y < side * 5 / 8; y++)
        {
            sum += pixels.AsSpan((channel * side * side) + (y * side) + (side * 3 / 8), side / 4).ToArray().Average();
        }

        return sum / (side / 4);
    }
}
