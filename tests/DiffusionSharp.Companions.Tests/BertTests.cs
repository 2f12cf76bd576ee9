using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Text;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The embedded model reads word pieces through an encoder of the first latent diffusion models' kind, in place of its own.</summary>
public class BertTests(BertTests.Model companion, ITestOutputHelper output) : IClassFixture<BertTests.Model>
{
    private const string Name = "emoji-bert";
    private const int Steps = 10;

    private static readonly string[] Names =
    [
        "grinning face", "smiling face with sunglasses", "ghost", "red heart", "pig face", "panda", "owl", "pizza",
        "evergreen tree", "house", "fire engine", "taxi", "rocket", "crescent moon", "green book", "umbrella",
    ];

    /// <summary>Training showed none of these two beside or above each other (training/data/split.py).</summary>
    private static readonly string[] Pairs =
    [
        "a panda left of a rose", "a rose left of a panda", "a taxi left of a strawberry", "a strawberry left of a taxi",
        "a cloud above a dog", "a dog above a cloud", "a lion above a lemon", "a lemon above a lion",
    ];

    [Fact]
    public void Prompts_have_the_ids_that_the_recipe_gives_them() => TokenFixture.AssertSame("bert_tokens.json", companion.Tokenizer, length: 32, companion.Tokenizer.PaddingTokenId);

    [Fact]
    public void Padding_says_nothing()
    {
        TextEncoding encoding = companion.Encoder.Encode(["a taxi", ""], TextEncodingPlan.Default, CancellationToken.None);
        float[] states = encoding.Parts[Conditions.ConditionNames.Context]!.Values.Values().ToArray();
        int[] said = [companion.Tokenizer.Tokenize("a taxi").Length, 2];
        for (int token = 0; token < states.Length / 192; token++)
        {
            bool isZero = states.AsSpan(192 * token, 192).IndexOfAnyExcept(0) < 0;
            Assert.Equal(token % 32 >= said[token / 32], isZero);
        }
    }

    /// <summary>Of 1,199 emojis: one in 1,199 by chance.</summary>
    [Fact]
    public void Of_four_in_five_names_the_right_emoji_is_drawn()
    {
        Assert.Equal(1199, EmojiThumbnails.Count);
        string[] nearest = [.. Draw(companion.Pipeline, 1, Names).Select(EmojiThumbnails.Nearest)];
        output.WriteLine(string.Join(Environment.NewLine, Names.Zip(nearest, (name, found) => $"{name}: {found}")));
        int right = Names.Zip(nearest).Count(pair => pair.First == pair.Second);
        Assert.True(right >= 0.8 * Names.Length, $"{right} of {Names.Length} are right.");
    }

    /// <summary>The unconditional half reads an empty prompt.</summary>
    [Fact]
    public void Guidance_leaves_the_emoji_what_it_is() =>
        Assert.Equal(["taxi", "pizza", "red heart", "panda"], Draw(companion.Pipeline, 3, ["taxi", "pizza", "red heart", "panda"]).Select(EmojiThumbnails.Nearest));

    /// <summary>By chance it would be one in eight.</summary>
    [Fact]
    public void Of_pairs_that_training_never_showed_it_draws_what_the_models_own_encoder_does()
    {
        IReadOnlyList<GeneratedImage> wanted = Draw(companion.Own, 1, Pairs);
        IReadOnlyList<GeneratedImage> drawn = Draw(companion.Pipeline, 1, Pairs);
        int right = 0;
        for (int i = 0; i < Pairs.Length; i++)
        {
            int nearest = Enumerable.Range(0, Pairs.Length).MaxBy(other => Psnr.Between(wanted[other].Pixels, drawn[i].Pixels));
            output.WriteLine($"{Pairs[i]}: {Pairs[nearest]}, {Psnr.Between(wanted[i].Pixels, drawn[i].Pixels):0.0} dB");
            right += nearest == i ? 1 : 0;
        }

        Assert.True(right >= Pairs.Length - 1, $"{right} of {Pairs.Length} are right.");
    }

    [Fact]
    public void What_a_prompt_has_beyond_32_tokens_is_left_out_and_said()
    {
        string words = string.Join(" ", Enumerable.Repeat("red", 29));
        GenerationResult result = companion.Pipeline.Generate(Request(1, $"{words} apple pear") with { Steps = 1 });
        Assert.Contains("\"pear\"", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Empty(companion.Pipeline.Generate(Request(1, $"{words} apple") with { Steps = 1 }).Warnings);
    }

    [Fact]
    public void A_folder_without_word_pieces_is_refused_by_the_name_of_its_file() =>
        Assert.Contains("vocab.txt", Assert.Throws<ModelFormatException>(() => BertTokenizer.Load(Path.Combine(EmojiPipeline.ModelFolder, "tokenizer"))).Message, StringComparison.Ordinal);

    private static IReadOnlyList<GeneratedImage> Draw(DiffusionPipeline pipeline, float guidance, string[] prompts) => pipeline.Generate(Request(guidance, prompts)).Images;

    private static TextToImageRequest Request(float guidance, params string[] prompts) =>
        new(prompts[0]) { Prompts = prompts, Count = prompts.Length, Steps = Steps, GuidanceScale = guidance, Seed = 0 };

    public sealed class Model : IDisposable
    {
        public Model()
        {
            Tokenizer = BertTokenizer.Load(Companion.PathOf(Name, "tokenizer"));
            Encoder = new OnnxTextEncoder(Companion.PathOf(Name, "bert", "model.onnx"), Tokenizer);
            Pipeline = Own.ToBuilder().UseTextEncoder(Encoder).Build();
        }

        public BertTokenizer Tokenizer { get; }

        public OnnxTextEncoder Encoder { get; }

        /// <summary>The embedded model as it is.</summary>
        public DiffusionPipeline Own { get; } = EmojiPipeline.Load();

        public DiffusionPipeline Pipeline { get; }

        public void Dispose()
        {
            Pipeline.Dispose();
            Own.Dispose();
        }
    }
}
