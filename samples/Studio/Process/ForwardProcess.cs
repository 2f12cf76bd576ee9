using System.Numerics.Tensors;
using DiffusionSharp.Hosting;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DiffusionSharp.Studio.Process;

/// <summary>The forward process q(x_t | x_0): a picture dissolves into noise, in its pixels or in the latents that the model diffuses.</summary>
internal static class ForwardProcess
{
    private const int MostFrames = 101;

    /// <summary>A moment of it.</summary>
    internal sealed record Frame(int Timestep, double Signal, double Noise, byte[] Picture);

    public static async Task<Results<Ok<List<Frame>>, BadRequest<string>>> RunAsync(HttpRequest request, IDiffusionPipelineProvider models, string model, string space = "pixels", int frames = 41, long seed = 1, CancellationToken cancellationToken = default)
    {
        if (models.Models.All(known => known.Name != model) || space is not ("pixels" or "latents") || frames is < 2 or > MostFrames || seed < 0)
        {
            return TypedResults.BadRequest("Ask with model=NAME, space=pixels or latents, frames from 2 to 101, and a seed that is not negative.");
        }

        // The encoder and the decoder run on the device, too, so they wait for their turn.
        using GenerationSlot slot = await models.EnterAsync(model, cancellationToken);
        IDiffusionPipeline pipeline = slot.Pipeline;
        if (pipeline.Scheduler is not IDiscreteScheduler { Options.Schedule: var schedule })
        {
            return TypedResults.BadRequest("This model has no discrete noise schedule.");
        }

        if (space == "latents" && (pipeline.LatentEncoder is null || pipeline.LatentDecoder is null))
        {
            return TypedResults.BadRequest("This model does not turn pictures into latents.");
        }

        Tensor<float> picture;
        try
        {
            picture = await ImageTensors.LoadAsync(request.Body, ImageFit.ToArea(pipeline.Defaults.Width * pipeline.Defaults.Height, pipeline.SizeMultiple), cancellationToken: cancellationToken);
        }
        catch (InvalidDataException e)
        {
            return TypedResults.BadRequest(e.Message);
        }

        return TypedResults.Ok(await Task.Run(() => Frames(pipeline, schedule, picture, space == "latents", frames, seed, slot.CancellationToken), cancellationToken));
    }

    private static List<Frame> Frames(IDiffusionPipeline pipeline, NoiseSchedule schedule, Tensor<float> picture, bool inLatents, int count, long seed, CancellationToken cancellationToken)
    {
        var source = new TorchCpuNoise(seed);
        Tensor<float> clean = inLatents ? pipeline.LatentEncoder!.Encode(picture, source, cancellationToken) : picture;
        var noise = new float[clean.FlattenedLength];
        source.Fill(noise);
        var noisy = new float[noise.Length];
        List<Frame> frames = [];
        for (int i = 0; i < count; i++)
        {
            NoisePoint at = NoisePoint.At(schedule, (schedule.TrainingTimesteps - 1) * i / (count - 1));
            schedule.AddNoise(clean.Values(), noise, at.Timestep, noisy);
            Tensor<float> sample = Tensor.Create(noisy, clean.Lengths);
            frames.Add(new Frame(at.Timestep, at.Signal, at.Noise, NoisePoint.Png(inLatents ? pipeline.LatentDecoder!.Decode(sample, DecodingContext.None, cancellationToken) : sample)));
        }

        return frames;
    }
}
