using System.Diagnostics;
using System.Globalization;
using DiffusionSharp.ImageSharp;
using SixLabors.ImageSharp;

namespace DiffusionSharp.Samples.Evaluation;

/// <summary>Generates and scores runs, and writes the first pictures of each as a sheet to look at.</summary>
internal sealed class Evaluator(Retrieval retrieval, string sheetFolder)
{
    private const int SheetPictures = 64;
    private const int SheetColumns = 8;

    /// <summary>One run.</summary>
    /// <param name="generator">Draws the pictures.</param>
    /// <param name="prompts">Prompts of one kind, at least one.</param>
    /// <param name="steps">Denoising steps.</param>
    /// <param name="guidance">The guidance scale.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<EvaluationRun> RunAsync(PictureGenerator generator, EvaluationPrompt[] prompts, int steps, float guidance, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        List<PromptScore> scores = [];
        List<GeneratedImage> pictures = [];
        await foreach ((EvaluationPrompt prompt, GeneratedImage picture) in generator.GenerateAsync(prompts, steps, guidance, cancellationToken))
        {
            scores.Add(retrieval.Score(prompt, SceneRenderer.ToBytes(picture.Pixels.Values())));
            if (pictures.Count < SheetPictures)
            {
                pictures.Add(picture);
            }
        }

        var run = new EvaluationRun
        {
            Kind = prompts[0].Kind,
            Sampler = generator.Sampler,
            Steps = steps,
            Guidance = guidance,
            Count = prompts.Length,
            Ranks = [.. scores.Select(score => score.Ranks)],
            Attribute = scores[0].Attribute is null ? null : [.. scores.Select(score => score.Attribute!.Value)],
            Background = scores[0].Background is null ? null : [.. scores.Select(score => score.Background!.Value)],
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
        };
        SaveSheet(pictures, run);
        return run;
    }

    private void SaveSheet(List<GeneratedImage> pictures, EvaluationRun run)
    {
        using Image sheet = ImageGrid.Create(pictures, SheetColumns, gap: 0);
        string name = string.Create(CultureInfo.InvariantCulture, $"evaluation-dotnet-{run.Kind}-{run.Sampler}{run.Steps}-{run.Guidance:0.######}.png");
        sheet.Save(Path.Combine(sheetFolder, name.ToLowerInvariant()));
    }
}
