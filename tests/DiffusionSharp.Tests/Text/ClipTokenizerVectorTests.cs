using System.Text.Json;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>Ids of OpenAI's vocabulary that were made by other code.</summary>
public class ClipTokenizerVectorTests
{
    private static readonly Lazy<ClipTokenizer> OpenAi = new(() => ClipTokenizer.Load(ClipFolders.OpenAi!));

    [OpenAiVocabularyFact]
    public void Every_recorded_prompt_has_its_recorded_ids()
    {
        using var fixture = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Text", "Fixtures", "clip_tokenizer.json")));
        JsonElement[] cases = [.. fixture.RootElement.GetProperty("cases").EnumerateArray()];

        Assert.Equal(243, cases.Length);
        Assert.All(cases, recorded => Assert.Equal(
            recorded.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
            OpenAi.Value.Encode(recorded.GetProperty("text").GetString()!)));
    }

    [OpenAiVocabularyFact]
    public void The_vocabulary_is_that_of_the_paper()
    {
        // Radford et al. 2021: 49,152 byte pairs and bytes; with the begin and end token the ids end at 49407.
        Assert.Equal(49_408, OpenAi.Value.VocabularySize);
        Assert.Equal(49_406, OpenAi.Value.BeginTokenId);
        Assert.Equal(49_407, OpenAi.Value.EndTokenId);
        Assert.Equal(49_407, OpenAi.Value.PaddingTokenId);
        Assert.Equal(77, OpenAi.Value.MaxLength);
    }

    [OpenAiVocabularyFact]
    public void A_prompt_is_framed_as_OpenAI_frames_it()
    {
        // clip.tokenize("hello world") as quoted in huggingface/transformers#12142, there padded with 0.
        TokenizedText tokenized = OpenAi.Value.Tokenize("hello world");

        Assert.Equal([49_406, 3306, 1002, 49_407, 49_407], tokenized.Ids.Take(5));
        Assert.Equal(77, tokenized.Ids.Count);
        Assert.Equal(4, tokenized.Length);
    }

    [OpenAiVocabularyFact]
    public void A_contraction_after_a_contraction_stays_whole()
    {
        // The fast tokenizer's ids in huggingface/transformers#22166.
        Assert.Equal([592, 1535, 1200, 1700, 589], OpenAi.Value.Encode("You should've done this"));
    }

    [OpenAiVocabularyFact]
    public void The_padding_token_of_Stable_Diffusion_2_swallows_exclamation_marks_as_in_diffusers()
    {
        // Both rows of ids are those of huggingface/diffusers#4153.
        var padsWithMark = ClipTokenizer.Load(ClipFolders.OpenAi!, new ClipTokenizerOptions { PaddingToken = "!" });

        Assert.Equal([256, 748, 995], OpenAi.Value.Encode("! !! !!!"));
        Assert.Equal([0, 0, 0, 0, 0, 0], padsWithMark.Encode("! !! !!!"));
        Assert.Equal([49_406, 320, 2368, 49_407, 0, 0], padsWithMark.Tokenize("a cat").Ids.Take(6));
    }

    [OpenAiVocabularyFact]
    public void Random_texts_have_the_textbook_ids()
    {
        var textbook = new TextbookClip(ClipFolders.OpenAi!);
        var texts = new RandomTexts(seed: 11);

        Assert.All(Enumerable.Range(0, 200).Select(_ => texts.Next()), text => Assert.Equal(textbook.Encode(text), OpenAi.Value.Encode(text)));
    }
}
