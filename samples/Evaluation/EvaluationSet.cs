using System.Text.Json;

namespace DiffusionSharp.Samples.Evaluation;

/// <summary>The file <c>evaluation.json</c> of <c>training/evaluation_set.py</c>: prompts, what each must show, and how that is drawn.</summary>
internal sealed record EvaluationSet
{
    /// <summary>What is in the file, and in the files of results: names as Python writes them.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true };

    /// <summary>The kinds of prompts: every emoji by its name, and combinations that training never showed.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["name", "background", "style", "position", "pair"];

    /// <summary>Height and width of a picture.</summary>
    public required int Size { get; init; }

    /// <summary>Height and width of a small emoji.</summary>
    public required int SmallSize { get; init; }

    public required IReadOnlyList<Background> Backgrounds { get; init; }

    public required IReadOnlyList<Style> Styles { get; init; }

    /// <summary>Top and left of a small emoji for each position.</summary>
    public required IReadOnlyList<int[]> Positions { get; init; }

    /// <summary>Top and left of both of two emojis for each relation. Each has a half of the picture for itself.</summary>
    public required IReadOnlyDictionary<string, int[][]> PairPlaces { get; init; }

    public required IReadOnlyList<EvaluationPrompt> Prompts { get; init; }

    /// <summary>The scenes that the autoencoder is measured on, by what they are.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Scene>> Reconstructions { get; init; }

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It lacks something, or is not JSON.</exception>
    public static EvaluationSet Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<EvaluationSet>(File.ReadAllBytes(path), Json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The prompts of a kind, all or as many as a limit says.</summary>
    public EvaluationPrompt[] Of(string kind, int? limit) => Spread([.. Prompts.Where(prompt => prompt.Kind == kind)], limit);

    /// <summary>As many as a limit says, evenly spread: number i·count / limit.</summary>
    public static T[] Spread<T>(IReadOnlyList<T> items, int? limit) =>
        limit is { } count && count < items.Count ? [.. Enumerable.Range(0, count).Select(i => items[i * items.Count / count])] : [.. items];
}
