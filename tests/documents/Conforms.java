import java.io.File;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/** Conforms FILE...: one line a file and standard, "FILE 3a true" or "FILE ua1 false CLAUSE=COUNT ...". Many files, one start. */
public class Conforms {
  private static final Map<String, String> PROFILES = Map.of("3a", "PDFA-3A", "ua1", "PDFUA-1");

  public static void main(String[] files) throws Exception {
    LogManager.getLogManager().reset();
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) {
      for (String standard : new String[] {"3a", "ua1"}) {
        System.out.println(file + " " + standard + " " + verdict(new File(file), standard));
      }
    }
  }

  private static String verdict(File file, String standard) throws Exception {
    ValidationProfile profile;
    try (InputStream in = Conforms.class.getResourceAsStream("/org/verapdf/pdfa/validation/" + PROFILES.get(standard) + ".xml")) {
      profile = Profiles.profileFromXml(in);
    }
    try (PDFAParser parser = Foundries.defaultInstance().createParser(file, PDFAFlavour.byFlavourId(standard));
        PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, 1000, false, true, false)) {
      ValidationResult result = validator.validate(parser);
      Map<String, Integer> failed = new TreeMap<>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          failed.merge(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber(), 1, Integer::sum);
        }
      }
      return result.isCompliant() + " " + failed;
    }
  }
}
