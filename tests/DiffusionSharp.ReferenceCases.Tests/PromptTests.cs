using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Text;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Weighted prompts, as other tools read them: embeddings, and whole generations.</summary>
public sealed class PromptTests
{
    [CaseTheory("prompts")]
    [CaseRequests("prompts")]
    [CaseRequests("prompts", "schedules", Skip = "Texts without numbers: DiffusionSharp.Tests has them.")]
    public void Embeddings(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        switch (reference.Text("kind"))
        {
            case "a1111":
                Same(reference, "embeddings", PromptSyntax.A1111, tolerance);
                Same(reference, "embeddings_no_norm", PromptSyntax.A1111 with { Emphasis = A1111Emphasis.NoNorm }, tolerance);
                Same(reference, "embeddings_ignore", PromptSyntax.A1111 with { Emphasis = A1111Emphasis.Ignore }, tolerance);
                break;
            case "lpw":
                TextEncoding both = Encode(reference, Lpw(reference), [reference.Text("prompt")!, reference.Text("negative")!], 1);
                Near(reference, "embeddings", both.Parts.Rows(0, 1), tolerance);
                Near(reference, "negative_embeddings", both.Parts.Rows(1, 1), tolerance);
                break;
            case "a1111_schedule_embeddings":
                TextEncoding encoding = Encode(reference, PromptSyntax.A1111, [reference.Text("prompt")!], reference.WholeNumber("steps")!.Value);
                Near(reference, "embeddings", Conditioning.Stack([encoding.Parts, .. encoding.Changes.Select(change => change.Parts)]), tolerance);
                break;
            case "compel":
                SameAsCompel(reference, tolerance);
                break;
            case "txt2img":
                using (DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(reference.Folder, new OnnxPipelineOptions { PromptSyntax = reference.Text("weighting") == "lpw" ? PromptSyntax.Lpw : PromptSyntax.A1111 }))
                {
                    Comparison.Same(reference, pipeline.Generate(CaseRun.Request(reference)), tolerance);
                }

                break;
            default:
                Assert.Fail($"A request of the kind '{reference.Text("kind")}'.");
                break;
        }
    }

    [CaseTheory("sdxl")]
    [CaseRequests("sdxl", "sdxl_ddim", "sdxl_negative", "sdxl_clip_skip1", "sdxl_batch_wide")]
    public void BothEncodersReadTheSyntax(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        GenerationRequest plain = CaseRun.Request(reference);
        foreach ((IPromptSyntax syntax, string[] others) in (ReadOnlySpan<(IPromptSyntax, string[])>)
        [
            (PromptSyntax.A1111, ["a (red:1.4) apple", "a red apple BREAK blue", "a red [apple:blue:0.5]"]),
            (PromptSyntax.Compel, ["a (red)1.4 apple", "(\"a red apple\", \"blue\").and()"]),
        ])
        {
            using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(reference.Folder, new OnnxPipelineOptions { PromptSyntax = syntax });
            Assert.Equal([syntax, syntax], pipeline.TextEncoders.Select(encoder => encoder.Syntax));
            GenerationResult result = pipeline.Generate(plain);
            Comparison.Same(reference, result, tolerance);
            foreach (string other in others)
            {
                Assert.NotEqual(result.Latents.Values().ToArray(), pipeline.Generate((TextToImageRequest)plain with { Prompt = other, Decodes = false }).Latents.Values().ToArray());
            }
        }
    }

    // Empty chunks behind the shorter one. Two breaks in a row have one between them.
    [CaseTheory("sdxl")]
    [InlineData("a red apple BREAK on a table", "blue", "blue BREAK BREAK")]
    [InlineData("blue", "a red apple BREAK on a table", null)]
    public void PromptsOfTwoEncodersMayDifferInLength(string first, string second, string? same)
    {
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(CaseFolders.Find("sdxl")!, new OnnxPipelineOptions { PromptSyntax = PromptSyntax.A1111 with { PadsWithEmptyChunks = true } });
        Tensor<float> latents = Draw(second).Latents;
        Assert.All(latents.ToArray(), value => Assert.True(float.IsFinite(value)));
        if (same is not null)
        {
            Assert.Equal(Draw(same).Latents.ToArray(), latents.ToArray());
        }

        GenerationResult Draw(string ofSecond) => pipeline.Generate(new TextToImageRequest(first) { Steps = 3, Seed = 1, Width = 64, Height = 64, Decodes = false, Parts = [new EncoderPrompts { Second = ofSecond }] });
    }

    // Where the graph takes no mask, what is masked is not asked for, unless it comes to the same, as without anything weaker than 1.
    private static void SameAsCompel(Case reference, double tolerance)
    {
        CompelPromptSyntax syntax = PromptSyntax.Compel;
        bool isWeaker = CompelPromptSyntax.Parse(reference.Text("prompt")!).Parts.Any(part => part.Blended.Any(pieces => pieces.Any(piece => piece.Weight < 1)));
        if (!isWeaker || ModelOf(reference) != reference.Folder)
        {
            Same(reference, "embeddings_mask", syntax, tolerance);
        }

        Same(reference, "embeddings_remove", syntax with { Downweighting = CompelDownweighting.Remove }, tolerance);
        foreach ((string name, CompelSplit split) in (ReadOnlySpan<(string, CompelSplit)>)[("brutal", CompelSplit.Tokens), ("words", CompelSplit.Words), ("phrases", CompelSplit.Phrases), ("sentences", CompelSplit.Sentences)])
        {
            CompelPromptSyntax longer = syntax with { Truncates = false, SplitsBehind = split };
            Same(reference, $"embeddings_long_{name}", longer, tolerance);
            Same(reference, $"embeddings_long_{name}_copy_first_cls", longer with { EndTokens = CompelEndTokens.First }, tolerance);
            Same(reference, $"embeddings_long_{name}_merge_cls", longer with { EndTokens = CompelEndTokens.Mean }, tolerance);
        }
    }

    private static string ModelOf(Case reference) => reference.Text("model")?.StartsWith("small", StringComparison.Ordinal) == true ? reference.FileAt("small") : reference.Folder;

    private static LpwPromptSyntax Lpw(Case reference)
    {
        var options = reference.Request.GetProperty("options");
        return new LpwPromptSyntax
        {
            DropsInnerEnds = options.TryGetProperty("no_boseos_middle", out var drops) && drops.GetBoolean(),
            SkipsParsing = options.TryGetProperty("skip_parsing", out var parsing) && parsing.GetBoolean(),
            SkipsWeighting = options.TryGetProperty("skip_weighting", out var weighting) && weighting.GetBoolean(),
            MostChunks = options.TryGetProperty("max_embeddings_multiples", out var most) ? most.GetInt32() : 3,
        };
    }

    private static void Same(Case reference, string key, IPromptSyntax syntax, double tolerance)
    {
        if (reference.Recorded("expected", key) is not null)
        {
            Near(reference, key, Encode(reference, syntax, [reference.Text("prompt")!], 1).Parts, tolerance);
        }
    }

    private static TextEncoding Encode(Case reference, IPromptSyntax syntax, string[] prompts, int steps)
    {
        string folder = ModelOf(reference);
        using var encoder = new PromptSyntaxEncoder(new OnnxTextEncoder(Path.Combine(folder, "text_encoder", "model.onnx"), ClipTokenizer.Load(Path.Combine(folder, "tokenizer"))), syntax);
        var options = new TextEncodingOptions { ClipSkip = ClipSkip(reference) };
        return encoder.Encode(prompts, new TextEncodingPlan { Steps = steps, Options = options }, CancellationToken.None);
    }

    // A1111 counts the last layer, too.
    private static int ClipSkip(Case reference) => reference switch
    {
        _ when reference.WholeNumber("clip_skip") is { } skip => skip - 1,
        _ when reference.Has("options") && reference.Request.GetProperty("options").TryGetProperty("clip_skip", out var skip) => skip.GetInt32(),
        _ => 0,
    };

    private static void Near(Case reference, string key, Conditioning parts, double tolerance)
    {
        Tensor<float> expected = reference.Recorded("expected", key)!;
        Tensor<float> actual = parts[ConditionNames.Context]!.Values;
        Assert.Equal(expected.Lengths, actual.Lengths);
        float most = expected.Values().ToArray().Max(Math.Abs);
        double difference = expected.Values().ToArray().Zip(actual.Values().ToArray(), (a, b) => Math.Abs((double)a - b)).Max() / most;
        Assert.True(difference <= tolerance, $"{key} differ by {difference:G3} of the largest value, {tolerance} is allowed.");
    }
}
