using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Text;

namespace DiffusionSharp.Snippets;

internal static class TextSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("tokenize", Tokenize), ("truncation", Truncation), ("negative-prompt", NegativePrompt), ("encoder-prompts", PromptsForTwoEncoders), ("clip-skip", ClipSkip), ("new-word", NewWord), ("own-embedding", OwnEmbedding), ("prompt-syntax", Syntax), ("prompt-syntax-encoder", SyntaxEncoder)];

    private static Task Tokenize()
    {
        #region tokenize
        ClipTokenizer tokenizer = ClipTokenizer.Load("models/my-model/tokenizer");
        TokenizedText text = tokenizer.Tokenize("A red apple");
        Console.WriteLine($"{text.Length} of {tokenizer.MaxLength} ids carry content: {string.Join(' ', text.Ids.Take(text.Length))}");
        Console.WriteLine(tokenizer.Decode(tokenizer.Encode("A red apple")));
        #endregion
        return Task.CompletedTask;
    }

    private static async Task Truncation()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region truncation
        string prompt = string.Join(", ", Enumerable.Repeat("a red apple on a teal background", 6));
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest(prompt) { Steps = 10, Seed = 1 });
        foreach (string warning in result.Warnings)
        {
            Console.WriteLine(warning);
        }
        #endregion
    }

    private static async Task NegativePrompt()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region negative-prompt
        var request = new TextToImageRequest("a red apple") { NegativePrompt = "a green leaf", GuidanceScale = 4, Seed = 1 };
        GenerationResult result = await pipeline.GenerateAsync(request);
        #endregion
        result.Images[0].SaveAsPng("negative.png");
    }

    private static Task PromptsForTwoEncoders()
    {
        #region encoder-prompts
        var request = new TextToImageRequest("a red apple")
        {
            Parts = [new EncoderPrompts { Second = "soft light, oil on canvas", NegativeSecond = "photo" }],
        };
        #endregion
        Console.WriteLine(request.Parts[0]);
        return Task.CompletedTask;
    }

    private static Task ClipSkip()
    {
        #region clip-skip
        var request = new TextToImageRequest("a red apple") { Parts = [new TextEncodingOptions { ClipSkip = 1 }] };
        #endregion
        Console.WriteLine(request.Parts[0]);
        return Task.CompletedTask;
    }

    private static async Task NewWord()
    {
        #region new-word
        var options = new OnnxPipelineOptions { TextualInversions = [new TextualInversion("models/cat-toy.safetensors", "<cat-toy>")] };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/my-model", options);
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a <cat-toy> on a table") { Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("cat-toy.png");
    }

    private static async Task OwnEmbedding()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region own-embedding
        using var encoder = new OnnxTextEncoder("models/my-model/text_encoder/model.onnx", ClipTokenizer.Load("models/my-model/tokenizer"));
        TextEncoding prompt = encoder.Encode(["a red apple"]);
        TextEncoding nothing = encoder.Encode([""]);

        var request = new GenerationRequest
        {
            Conditioning = prompt.Parts,
            NegativeConditioning = nothing.Parts,
            GuidanceScale = 4,
            Seed = 1,
        };
        GenerationResult result = await pipeline.GenerateAsync(request);
        #endregion
        result.Images[0].SaveAsPng("own-embedding.png");
    }

    private static async Task Syntax()
    {
        #region prompt-syntax
        using DiffusionPipeline pipeline = EmojiPipeline.Load(new OnnxPipelineOptions { PromptSyntax = PromptSyntax.A1111 });
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a (red:1.3) apple on a [teal:orange:0.4] background") { Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("weighted.png");
    }

    private static Task SyntaxEncoder()
    {
        #region prompt-syntax-encoder
        var encoder = new OnnxTextEncoder("models/my-model/text_encoder/model.onnx", ClipTokenizer.Load("models/my-model/tokenizer"));
        using var reader = new PromptSyntaxEncoder(encoder, PromptSyntax.Lpw, rememberedChunks: 16);
        TextEncoding encoding = reader.Encode(["a (red:1.3) apple", ""]);
        Console.WriteLine(encoding.Parts);
        #endregion
        return Task.CompletedTask;
    }
}
