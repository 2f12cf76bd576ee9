using System.Net.ServerSentEvents;
using DiffusionSharp.Hosting;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Schedulers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DiffusionSharp.Studio.Process;

/// <summary>The way back: after each step, the noisy sample, and what the model takes for the clean picture.</summary>
internal static class DenoisingProcess
{
    private const int MostSteps = 100;

    /// <summary>What to draw.</summary>
    internal sealed record Wish(string Model, string Prompt, string? NegativePrompt, long Seed, int Steps, float? GuidanceScale, string? Scheduler);

    /// <summary>A step of it.</summary>
    internal sealed record Step(int Index, int Count, int Timestep, double Signal, double Noise, byte[] Noisy, byte[] Clean);

    public static async Task<Results<ServerSentEventsResult<Step>, BadRequest<string>>> RunAsync(Wish wish, IDiffusionPipelineProvider models, CancellationToken cancellationToken)
    {
        if (models.Models.All(known => known.Name != wish.Model) || wish.Steps is < 1 or > MostSteps)
        {
            return TypedResults.BadRequest($"Ask for one of the models, and for 1 to {MostSteps} steps.");
        }

        IDiffusionPipeline pipeline = await models.GetAsync(wish.Model, cancellationToken);
        if (pipeline.Scheduler is not IDiscreteScheduler model)
        {
            return TypedResults.BadRequest("This model has no discrete noise schedule.");
        }

        try
        {
            var request = new TextToImageRequest(wish.Prompt)
            {
                NegativePrompt = wish.NegativePrompt,
                Seed = wish.Seed,
                Steps = wish.Steps,
                GuidanceScale = wish.GuidanceScale,
                Scheduler = wish.Scheduler is { } name ? Samplers.ByName(name, model.Options) : null,
            };
            IAsyncEnumerable<DenoisingStep> steps = pipeline.StreamAsync(request, cancellationToken);

            // The turn is waited for here, so that a refusal is an answer and not the end of a stream.
            return TypedResults.ServerSentEvents(StepsAsync(await models.EnterAsync(wish.Model, cancellationToken), steps, model.Options.Schedule));
        }
        catch (ArgumentException e)
        {
            return TypedResults.BadRequest(e.Message);
        }
    }

    private static async IAsyncEnumerable<SseItem<Step>> StepsAsync(GenerationSlot turn, IAsyncEnumerable<DenoisingStep> steps, NoiseSchedule schedule)
    {
        using GenerationSlot slot = turn;
        await foreach (DenoisingStep step in steps)
        {
            NoisePoint at = NoisePoint.At(schedule, (int)Math.Clamp(Math.Round(step.Timestep), 0, schedule.TrainingTimesteps - 1));
            Task<GenerationResult> noisy = step.DecodeResultAsync();
            Task<IReadOnlyList<GeneratedImage>> clean = step.DecodePreviewAsync();
            yield return new SseItem<Step>(new Step(step.Index, step.Count, at.Timestep, at.Signal, at.Noise, NoisePoint.Png((await noisy).Images[0].Pixels), NoisePoint.Png((await clean)[0].Pixels)), "step");
        }
    }
}
