namespace DiffusionSharp.Samples.Evaluation;

/// <summary>
/// Scores pictures by retrieval: which of all emojis, drawn as the prompt asks, is nearest to a picture? <c>training/retrieval.py</c> says how,
/// kind by kind, and gives the same scores to the same pictures.
/// </summary>
internal sealed class Retrieval(EvaluationSet set, SceneRenderer renderer)
{
    private readonly Dictionary<(Scene Template, bool IsSecond), short[][]> _candidates = [];

    /// <summary>Scores a picture.</summary>
    /// <param name="prompt">What it should show.</param>
    /// <param name="picture">The picture, <c>[3, size, size]</c>.</param>
    public PromptScore Score(EvaluationPrompt prompt, byte[] picture)
    {
        Scene scene = prompt.Scene;
        int[] ranks = scene.Second is null ? [Rank(scene, picture, isSecond: false)] : [Rank(scene, picture, isSecond: false), Rank(scene, picture, isSecond: true)];
        return new PromptScore(ranks, HasAttribute(prompt, picture), prompt.Kind == "name" ? null : HasBackground(scene, picture));
    }

    /// <summary>A scene as bytes.</summary>
    public byte[] Draw(Scene scene) => SceneRenderer.ToBytes(renderer.Render(scene));

    private int Rank(Scene scene, byte[] picture, bool isSecond)
    {
        // The partner of a pair is in the other half, so it does not matter which one it is.
        Scene template = scene with { First = 0, Second = scene.Second is null ? null : 0 };
        PicturePart part = PartOf(scene, isSecond);
        if (!_candidates.TryGetValue((template, isSecond), out short[][]? candidates))
        {
            candidates = [.. Enumerable.Range(0, renderer.Count).Select(i => Pool(Draw(isSecond ? template with { Second = i } : template with { First = i }), part))];
            _candidates[(template, isSecond)] = candidates;
        }

        short[] pooled = Pool(picture, part);
        return Nearer(candidates, candidate => PooledPicture.Distance(pooled, candidate), candidates[isSecond ? scene.Second!.Value : scene.First]);
    }

    private bool? HasAttribute(EvaluationPrompt prompt, byte[] picture)
    {
        Scene scene = prompt.Scene;
        Scene[] alternatives = prompt.Kind switch
        {
            "style" => [.. set.Styles.Select((_, i) => scene with { Style = i })],
            "position" => [.. set.Positions.Select((_, i) => scene with { Position = i })],
            "pair" => [.. set.PairPlaces.Keys.SelectMany(relation => (Scene[])[scene with { Relation = relation }, scene with { First = scene.Second!.Value, Second = scene.First, Relation = relation }])],
            _ => [],
        };
        if (alternatives.Length == 0)
        {
            return null;
        }

        short[] pooled = Pool(picture, Whole);
        return Nearer(alternatives, other => PooledPicture.Distance(pooled, Pool(Draw(other), Whole)), scene) == 0;
    }

    private bool HasBackground(Scene scene, byte[] picture)
    {
        Background asked = set.Backgrounds[scene.Background];
        var border = new PictureBorder(set.Size);
        double[] median = border.Median(picture, border.PixelsOf(Draw(scene), asked.Rgb));
        return Nearer(set.Backgrounds, background => background.Rgb.Zip(median, (value, found) => (value - found) * (value - found)).Sum(), asked) == 0;
    }

    // How many candidates are nearer than the right one.
    private static int Nearer<T, TDistance>(IReadOnlyList<T> candidates, Func<T, TDistance> distance, T right)
        where TDistance : IComparable<TDistance>
    {
        TDistance limit = distance(right);
        return candidates.Count(candidate => distance(candidate).CompareTo(limit) < 0);
    }

    private PicturePart Whole => new(0, 0, set.Size, set.Size);

    // Of two emojis each has its half: the right one or the lower one where the places of both differ.
    private PicturePart PartOf(Scene scene, bool isSecond)
    {
        if (scene.Second is null)
        {
            return Whole;
        }

        int[][] places = set.PairPlaces[scene.Relation!];
        int half = set.Size / 2;
        return places[0][0] == places[1][0] ? new PicturePart(0, isSecond ? half : 0, set.Size, half) : new PicturePart(isSecond ? half : 0, 0, half, set.Size);
    }

    private short[] Pool(byte[] picture, PicturePart part) => PooledPicture.Of(picture, set.Size, part);
}
