using System.Globalization;
using DiffusionSharp.Samples.Evaluation;

namespace DiffusionSharp.Samples.CompareGuidances;

/// <summary>How often a model's pictures of emojis by name are nearest to what the name says, of all emojis.</summary>
internal sealed class Scorer(EvaluationPrompt[] prompts, Retrieval retrieval, int size)
{
    /// <summary>Reads what is to be drawn, and what it should look like.</summary>
    /// <param name="folder">The work folder of training.</param>
    /// <param name="limit">How many emojis, evenly spread.</param>
    public static Scorer Open(string folder, int limit)
    {
        var set = EvaluationSet.Read(Path.Combine(folder, "evaluation.json"));
        var renderer = new SceneRenderer(set, NpyFile.Read(Path.Combine(folder, "full.npy")), NpyFile.Read(Path.Combine(folder, "small.npy")));
        return new Scorer(set.Of("name", limit), new Retrieval(set, renderer), set.Size);
    }

    /// <summary>Draws and scores; the cells of a table.</summary>
    public async Task<string> ScoreAsync(DiffusionPipeline pipeline, Func<string, long, TextToImageRequest> request, int batch, CancellationToken cancellationToken)
    {
        var ranks = new List<int>();
        foreach (EvaluationPrompt[] some in prompts.Chunk(batch))
        {
            GenerationResult[] results = await Task.WhenAll(some.Select(prompt => pipeline.GenerateAsync(request(prompt.Prompt, prompt.Seed), cancellationToken: cancellationToken)));
            ranks.AddRange(some.Zip(results, (prompt, result) => retrieval.Score(prompt, Pixels(result.Images[0])).Ranks[0]));
        }

        return string.Create(CultureInfo.InvariantCulture, $" {Part(ranks, 1):0.0} % | {Part(ranks, 5):0.0} % |");
    }

    // As large as the drawings that it is compared with, each pixel several times.
    private byte[] Pixels(GeneratedImage image)
    {
        byte[] pixels = SceneRenderer.ToBytes(image.Pixels.Values());
        int side = (int)image.Pixels.Lengths[3];
        var enlarged = new byte[3 * size * size];
        for (int i = 0; i < enlarged.Length; i++)
        {
            (int plane, int place) = Math.DivRem(i, size * size);
            (int y, int x) = Math.DivRem(place, size);
            enlarged[i] = pixels[(((plane * side) + (y * side / size)) * side) + (x * side / size)];
        }

        return enlarged;
    }

    private static double Part(List<int> ranks, int count) => 100.0 * ranks.Count(rank => rank < count) / ranks.Count;
}
