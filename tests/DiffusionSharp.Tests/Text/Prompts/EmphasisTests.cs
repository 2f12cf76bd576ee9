using System.Globalization;
using DiffusionSharp.Text;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests.Text.Prompts;

/// <summary>Weights as stable-diffusion-webui and long prompt weighting read them.</summary>
public class EmphasisTests
{
    [Fact]
    public void Every_recorded_prompt_has_its_recorded_weights()
    {
        Assert.All(PromptFixture.Of("a1111"), recorded => Assert.Equal(recorded.Parsed(), Read(PromptSyntax.A1111.Weights(recorded.Prompt()))));
        Assert.All(PromptFixture.Of("lpw"), recorded => Assert.Equal(recorded.Parsed(), Read(PromptSyntax.Lpw.Weights(recorded.Prompt()))));
    }

    // The first ones are the examples that stable-diffusion-webui's own parser documents.
    [Theory]
    [InlineData("normal text", "normal text|1")]
    [InlineData("an (important) word", "an |1", "important|1.1", " word|1")]
    [InlineData("(unbalanced", "unbalanced|1.1")]
    [InlineData(@"\(literal\]", "(literal]|1")]
    [InlineData("(unnecessary)(parens)", "unnecessaryparens|1.1")]
    [InlineData("a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).", "a |1", "house|1.5730000000000004", " |1.1", "on|1", " a |1.1", "hill|0.55", ", sun, |1.1", "sky|1.4641000000000006", ".|1.1")]
    [InlineData("", "|1")]
    [InlineData("( a : 1.3 )", " a |1.3")]
    [InlineData("(a:+.5)", "a|0.5")]
    [InlineData("(a:b)", "a:b|1.1")]
    [InlineData("a:1.3)", "a:1.3)|1")]
    [InlineData(@"back\slash \\ end\", @"backslash \ end|1")]
    [InlineData("x(BREAK:1)y", "x|1", "BREAK|-1", "y|1")]
    [InlineData("a BREAK b", "a|1", "BREAK|-1", "b|1")]
    [InlineData("BREAKing BREAK_ aBREAK", "BREAKing BREAK_ aBREAK|1")]
    [InlineData("(a BREAK b)", "a|1.1", "BREAK|-1.1", "b|1.1")]
    public void Weights_are_read(string prompt, params string[] expected)
    {
        Assert.Equal(expected, PromptSyntax.A1111.Weights(prompt).Select(Text));
        Assert.Equal(string.Join("", expected.Select(piece => piece.Split('|')[0])), string.Join("", PromptSyntax.A1111.Weights(prompt).Select(piece => piece.Text)));
    }

    [Theory]
    [InlineData("( a : 1.3 )", " a : 1.3 |1.1")]
    [InlineData("a BREAK b", "a BREAK b|1")]
    public void Long_prompt_weighting_knows_no_spaces_around_numbers_and_no_breaks(string prompt, params string[] expected) =>
        Assert.Equal(expected, PromptSyntax.Lpw.Weights(prompt).Select(Text));

    [Theory]
    [InlineData("a (b:1.2.3) c", 6, "'1.2.3'")]
    [InlineData("(b:.)", 4, "'.'")]
    [InlineData("x (y: -..) z", 7, "'-..'")]
    public void What_is_no_number_is_refused_at_its_column(string prompt, int column, string found)
    {
        foreach (IPromptSyntax syntax in (IPromptSyntax[])[PromptSyntax.A1111, PromptSyntax.Lpw with { }])
        {
            if (syntax is LpwPromptSyntax && prompt.Contains(": ", StringComparison.Ordinal))
            {
                continue;
            }

            var error = Assert.Throws<PromptSyntaxException>(() => syntax.Check(prompt));
            Assert.Equal((prompt, column), (error.Prompt, error.Column));
            Assert.Contains($"column {column}", error.Message, StringComparison.Ordinal);
            Assert.Contains(found, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_refused()
    {
        Assert.Throws<PromptSyntaxException>(() => PromptSyntax.A1111.Check($"(a:{new string('9', 50)})"));
        Assert.Throws<PromptSyntaxException>(() => PromptSyntax.A1111.Check(new string('(', 950) + "a"));
        PromptSyntax.A1111.Check(new string('(', 900) + "a");
        PromptSyntax.A1111.Check(new string('[', 999) + "a");
    }

    // A stack would overflow long before, and time that grows with the square of the length would take hours.
    [Theory]
    [InlineData("(", "")]
    [InlineData("[", "")]
    [InlineData("(a", ":1.0)")]
    [InlineData("[a|", "]")]
    [InlineData("[a:", ":0.5]")]
    [InlineData("([", "])")]
    public void Brackets_that_are_nested_without_end_are_refused_at_once(string open, string close)
    {
        string prompt = $"{string.Concat(Enumerable.Repeat(open, 100_000))}x{string.Concat(Enumerable.Repeat(close, 100_000))}";
        foreach (IPromptSyntax syntax in (IPromptSyntax[])[PromptSyntax.A1111, PromptSyntax.Lpw])
        {
            var error = Assert.Throws<PromptSyntaxException>(() => syntax.Check(prompt));
            Assert.InRange(error.Column, 1000, 5000);
        }
    }

    [Theory]
    [InlineData(")")]
    [InlineData("]")]
    [InlineData("()")]
    [InlineData("(a)[b]")]
    [InlineData("(a:1.1)")]
    [InlineData("[a:b:3]")]
    [InlineData("[a|b]")]
    [InlineData(":")]
    [InlineData("\\")]
    [InlineData("BREAK ")]
    [InlineData("     ")]
    [InlineData("(    :")]
    public void Long_prompts_are_read(string repeated)
    {
        string prompt = string.Concat(Enumerable.Repeat(repeated, repeated.Contains('(') && !repeated.Contains(')') ? 900 : 100_000));
        PromptSyntax.A1111.Check(prompt);
        Assert.NotEmpty(PromptSyntax.A1111.Texts(prompt, 2));
        PromptSyntax.Lpw.Check(prompt);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void No_culture_changes_what_is_read(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(["I|1.5", " BREAK|1"], PromptSyntax.Lpw.Weights("(I:1.5) BREAK").Select(Text));
            Assert.Equal([(0, "I a"), (5, "I b")], PromptSyntax.A1111.Texts("I [a:b:0.5]", 10));
            var error = Assert.Throws<PromptSyntaxException>(() => PromptSyntax.A1111.Check("(a:1.2.3)"));
            Assert.Contains("column 4", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void No_prompt_makes_anything_but_pieces_or_an_error_of_its_own()
    {
        var pieces = Gen.Elements("(", ")", "[", "]", ":", "|", "\\", "BREAK", "AND", " ", "a", "1.3", "0.5", "3", ",", "\n", "-", "é", "\ud83d", "word");
        Property.Holds(pieces.ArrayOf().Select(string.Concat), prompt =>
        {
            try
            {
                Assert.NotEmpty(PromptSyntax.A1111.Weights(prompt));
                Assert.Equal(0, PromptSyntax.A1111.Texts(prompt, 7)[0].FromStep);
                Assert.NotEmpty(PromptSyntax.Lpw.Weights(prompt));
            }
            catch (PromptSyntaxException error)
            {
                Assert.InRange(error.Column, 1, prompt.Length);
            }
        }, count: 2000);
    }

    private static IEnumerable<(string Text, double Weight)> Read(IEnumerable<WeightedText> pieces) => pieces.Select(piece => (piece.Text, piece.Weight));

    private static string Text(WeightedText piece) => string.Create(CultureInfo.InvariantCulture, $"{piece.Text}|{piece.Weight}");
}
