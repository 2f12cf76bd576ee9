using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>
/// What the guiders of diffusers 58eb52c and ComfyUI 041b8824's Perp-Neg made of the predictions of a small network in 8 steps for 2 pictures.
/// </summary>
public class GuiderVectorTests
{
    private const string Folder = "Guidance/Fixtures";
    private static readonly SampleShape Shape = new(2, 4, 8, 8);

    public static TheoryData<string> Names => [.. Of("guider_vectors").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_guider_of_diffusers_is_ours(string name)
    {
        JsonElement request = Read(name, out JsonElement whole);
        (IGuidance guidance, double scale) = Guiders.Create(request.GetProperty("guider").GetString()!, request.GetProperty("config"));
        (float[] guided, bool[] needsMore) = new RecordedPredictions(Shape, Predictions("cond"), Predictions("uncond")).Guide(guidance, scale, scale);

        // Where zero-init leaves nothing of a prediction, diffusers makes two, and we one.
        int zeros = guidance is ZeroInitGuidance ? request.GetProperty("config").GetProperty("zero_init_steps").GetInt32() : 0;
        Assert.Equal(whole.GetProperty("two_predictions_needed_at_step").EnumerateArray().Select((step, i) => step.GetBoolean() && i >= zeros), needsMore);
        AssertEqual(name, guided);
    }

    [Fact]
    public void Perpendicular_negative_is_ComfyUIs_over_the_batch()
    {
        const string name = "perpneg_comfy_1.0_7.5";
        JsonElement request = Read(name, out _);
        var guidance = new PerpendicularNegativeGuidance(request.GetProperty("neg_scale").GetDouble()) { ProjectsWholeBatch = true };
        double scale = request.GetProperty("cond_scale").GetDouble();
        AssertEqual(name, new RecordedPredictions(Shape, Predictions("cond"), Predictions("uncond"), Predictions("negative")).Guide(guidance, scale, scale).Guided);
    }

    [Fact]
    public void Perpendicular_negative_of_a_picture_alone_is_ComfyUIs_and_the_papers()
    {
        // Over each picture, as the paper's code has it: the same for a picture that is alone.
        float[] whole = Guided(new PerpendicularNegativeGuidance(0.6));
        var one = new SampleShape(1, 4, 8, 8);
        for (int i = 0; i < 2; i++)
        {
            float[][] alone = Array.ConvertAll(new[] { "cond", "uncond", "negative" }, name => Pictures(Predictions(name), i));
            foreach (bool wholeBatch in (bool[])[false, true])
            {
                float[] guided = new RecordedPredictions(one, alone).Guide(new PerpendicularNegativeGuidance(0.6) { ProjectsWholeBatch = wholeBatch }, 7.5).Guided;
                Assert.Equal(Pictures(whole, i), guided);
            }

            Assert.NotEqual(Pictures(whole, i), Pictures(Guided(new PerpendicularNegativeGuidance(0.6) { ProjectsWholeBatch = true }), i));
        }

        static float[] Guided(IGuidance guidance) => new RecordedPredictions(Shape, Predictions("cond"), Predictions("uncond"), Predictions("negative")).Guide(guidance, 7.5, 7.5).Guided;
    }

    [Fact]
    public void Perpendicular_terms_are_weighed_as_in_the_papers_code()
    {
        // e + w·(d + Σ weight·(n - (n·d)/|d|²·d)), in double, with a further prompt.
        (float[] c, float[] e, float[] negative, float[] second) = (Predictions("cond"), Predictions("uncond"), Predictions("negative"), Predictions("second"));
        var guidance = new PerpendicularNegativeGuidance(0.7) { Further = [new WeightedTerm(new GuidanceTerm("second"), 0.4)] };
        float[] guided = new RecordedPredictions(Shape, c, e, negative, second).Guide(guidance, 5, 5).Guided;
        for (int first = 0; first < c.Length; first += Shape.ImageLength)
        {
            double[] d = Differences(c), n = Differences(negative), s = Differences(second);
            double[] expected = [.. Enumerable.Range(0, d.Length).Select(i => e[first + i] + (5 * (d[i] - (0.7 * (n[i] - (Share(n) * d[i]))) + (0.4 * (s[i] - (Share(s) * d[i]))))))];
            for (int i = 0; i < d.Length; i++)
            {
                // Float32's rounding of sums below 16.
                Assert.Equal(expected[i], guided[first + i], 16 * Math.Pow(2, -23));
            }

            double[] Differences(float[] of) => [.. Enumerable.Range(first, Shape.ImageLength).Select(i => (double)of[i] - e[i])];
            double Share(double[] of) => of.Zip(d, (a, b) => a * b).Sum() / d.Sum(x => x * x);
        }
    }

    [Fact]
    public void An_interval_begins_and_ends_at_the_steps_of_diffusers()
    {
        foreach (JsonElement row in JsonDocument.Parse(File.ReadAllBytes($"{Folder}/interval_rounding.json")).RootElement.GetProperty("rows").EnumerateArray())
        {
            int steps = row.GetProperty("steps").GetInt32();
            var guidance = new IntervalGuidance(new ClassifierFreeGuidance(), row.GetProperty("start").GetDouble(), row.GetProperty("stop").GetDouble());
            bool[] guided = new RecordedPredictions(new SampleShape(1, 1, 1, 1), new float[steps], new float[steps]).Guide(guidance, 2).NeedsMore;
            Assert.Equal(row.GetProperty("count").GetInt32(), guided.Count(isGuided => isGuided));
            Assert.Equal(Step("first_guided"), Array.IndexOf(guided, true));
            Assert.Equal(Step("last_guided"), Array.LastIndexOf(guided, true));

            int Step(string name) => row.GetProperty(name) is { ValueKind: JsonValueKind.Number } step ? step.GetInt32() : -1;
        }
    }

    private static IEnumerable<string> Of(string kind) => Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)
        .Where(file => File.ReadAllText(file).Contains($"\"kind\": \"{kind}\"", StringComparison.Ordinal));

    private static JsonElement Read(string name, out JsonElement whole)
    {
        whole = JsonDocument.Parse(File.ReadAllBytes($"{Folder}/{name}.json")).RootElement;
        return whole.GetProperty("request");
    }

    private static float[] Predictions(string name) => Floats($"predictions.{name}");

    private static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes($"{Folder}/{name}.f32")).ToArray();

    // Of [steps, 2, C, H, W] those of one picture.
    private static float[] Pictures(float[] all, int picture) =>
        [.. all.Chunk(Shape.ImageLength).Where((_, i) => i % Shape.Batch == picture).SelectMany(values => values)];

    private static void AssertEqual(string name, float[] guided)
    {
        // Recorded in float32: sums of terms that are up to ten times as large as their result. TCFG's singular vectors come from a float32
        // decomposition, whose error is some ten roundings of a length of 9, times 1 - w.
        double tolerance = name.StartsWith("tcfg", StringComparison.Ordinal) ? 5e-5 : 2e-5;
        float[] expected = Floats($"{name}.pred");
        double spread = TensorPrimitives.StdDev<float>(expected);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], guided[i], tolerance * spread);
        }
    }
}
